//! One folder per place audio comes from, each behind the ports of domain.
