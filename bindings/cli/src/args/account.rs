//! Words about the account.

use clap::Args;

/// How to sign in.
#[derive(Debug, Args)]
pub struct SignIn {
    /// On somebody else's phone: everything stays in memory, in this one process, for 15 minutes at most.
    #[arg(long)]
    pub borrowed: bool,
    /// E-mail address; asked for when left out.
    #[arg(long)]
    pub email: Option<String>,
    /// Read the password from the first line of standard input.
    #[arg(long, requires = "email")]
    pub password_stdin: bool,
}
