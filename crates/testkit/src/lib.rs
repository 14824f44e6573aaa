//! Test-only: made-up music, exports of the true shape, independent judges.
