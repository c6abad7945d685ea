//! Test vectors of the lock protocol with an independent reference.
#![forbid(unsafe_code)]
