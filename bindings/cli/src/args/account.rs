//! Words about the account.

use clap::Args;

/// How to sign in.
#[derive(Debug, Args)]
pub struct SignIn {
    /// On somebody else's phone: everything stays in memory, in this one process, for 15 minutes at most.
    #[arg(long)]
    pub borrowed: bool,
    /// With a one-time code from your mailbox instead of the password; `send-code` has it sent.
    #[arg(long)]
    pub code: bool,
    /// E-mail address; asked for when left out.
    #[arg(long)]
    pub email: Option<String>,
    /// Read the password, or the code, from the first line of standard input.
    #[arg(long, requires = "email")]
    pub password_stdin: bool,
}

/// On whose phone.
#[derive(Debug, Args)]
pub struct Ways {
    /// On somebody else's phone.
    #[arg(long)]
    pub borrowed: bool,
}

/// An account's mailbox.
#[derive(Debug, Args)]
pub struct Mailbox {
    /// E-mail address of the account.
    pub email: String,
}

/// How to change the password.
#[derive(Debug, Args)]
pub struct ChangePassword {
    /// Read the current password and the new one from the first two lines of standard input.
    #[arg(long)]
    pub password_stdin: bool,
}

/// One of the account's sessions.
#[derive(Debug, Args)]
pub struct SessionArgument {
    /// Its id, or the beginning of it; `sessions` lists them.
    #[arg(value_name = "ID")]
    pub said: String,
}
