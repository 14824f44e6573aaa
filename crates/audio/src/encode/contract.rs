//! What every encoder behind the seam must keep. Another encoder is another line in [`encoders`].
