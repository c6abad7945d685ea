//! Running a program: its output line by line into a log, its whole process group ended when it takes too long.

use rustix::process::{Pid, Signal, kill_process_group};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

/// After a program ended, how long its children may still hold its output open.
const GRACE: Duration = Duration::from_secs(2);
const TICK: Duration = Duration::from_millis(100);

/// Which stream a line came on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With success.
    Well,
    /// With another status or a signal.
    Badly,
    /// It took longer than its limit and was killed.
    CutOff,
}

/// Set by Ctrl-C: the program under way is killed with its group, since a group of its own does not get the terminal's signal.
static INTERRUPTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Lets Ctrl-C and a polite kill end the program under way together with this one.
pub(crate) fn end_children_on_signals() -> io::Result<()> {
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&INTERRUPTED))?;
    }
    Ok(())
}

/// A monotonic clock for measuring layers.
#[expect(
    clippy::disallowed_methods,
    reason = "a shell measures its own layers; nothing tested here depends on it"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Runs `command` to its end, at most for `limit`. Each line goes to `log` and to `on_line`.
pub(crate) fn run(
    mut command: Command,
    log: &mut File,
    limit: Duration,
    on_line: &mut dyn FnMut(Stream, &str),
) -> io::Result<Ended> {
    writeln!(log, "$ {}", shown(&command))?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let lines = read_lines(&mut child);
    let ended = follow(&mut child, &lines, limit, &mut |stream, line| {
        // A full disk must not turn a passing test into a hanging one.
        let _written = writeln!(log, "{line}");
        on_line(stream, line);
    });
    end_group(&child);
    let ended = ended?;
    child.wait()?;
    writeln!(log, "# {ended:?}\n")?;
    if INTERRUPTED.load(Ordering::Relaxed) {
        return Err(io::Error::new(io::ErrorKind::Interrupted, "interrupted"));
    }
    Ok(ended)
}

fn follow(
    child: &mut Child,
    lines: &Receiver<(Stream, String)>,
    limit: Duration,
    on_line: &mut dyn FnMut(Stream, &str),
) -> io::Result<Ended> {
    let begun = now();
    let mut status = None;
    loop {
        match lines.recv_timeout(TICK) {
            Ok((stream, line)) => on_line(stream, &line),
            Err(RecvTimeoutError::Timeout) => {}
            // Both streams are closed: only the status is left to wait for.
            Err(RecvTimeoutError::Disconnected) if status.is_some() => break,
            Err(RecvTimeoutError::Disconnected) => thread::park_timeout(TICK),
        }
        if status.is_none() {
            status = child.try_wait()?.map(|status| (status, now()));
        }
        match status {
            Some((_, at)) if at.elapsed() > GRACE => break,
            None if begun.elapsed() > limit => return Ok(Ended::CutOff),
            None if INTERRUPTED.load(Ordering::Relaxed) => return Ok(Ended::CutOff),
            _ => {}
        }
    }
    let well = status.is_some_and(|(status, _)| status.success());
    Ok(if well { Ended::Well } else { Ended::Badly })
}

fn read_lines(child: &mut Child) -> Receiver<(Stream, String)> {
    let (sender, receiver) = channel();
    if let Some(out) = child.stdout.take() {
        read_stream(Stream::Out, out, sender.clone());
    }
    if let Some(err) = child.stderr.take() {
        read_stream(Stream::Err, err, sender);
    }
    receiver
}

fn read_stream(stream: Stream, from: impl Read + Send + 'static, to: Sender<(Stream, String)>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(from);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if to.send((stream, text)).is_err() {
                return;
            }
        }
    });
}

/// Ends whatever is left of the child's process group; normally nothing is.
fn end_group(child: &Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _gone_already = kill_process_group(group, Signal::KILL);
    }
}

fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Ended, Stream, now, run};
    use std::fs::File;
    use std::process::Command;
    use std::time::Duration;

    fn shell(script: &str, limit: Duration) -> (Ended, Vec<(Stream, String)>) {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let mut log = File::create("/dev/null").expect("the null device opens");
        let mut lines = Vec::new();
        let ended = run(command, &mut log, limit, &mut |stream, line| {
            lines.push((stream, line.to_owned()));
        });
        (ended.expect("sh runs"), lines)
    }

    #[test]
    fn every_line_of_both_streams_is_seen() {
        let (ended, lines) = shell("echo one; echo two >&2", Duration::from_secs(60));
        assert_eq!(ended, Ended::Well);
        assert!(lines.contains(&(Stream::Out, "one".into())));
        assert!(lines.contains(&(Stream::Err, "two".into())));
    }

    #[test]
    fn a_bad_status_is_a_bad_end() {
        assert_eq!(shell("exit 3", Duration::from_secs(60)).0, Ended::Badly);
        assert_eq!(shell("kill -9 $$", Duration::from_secs(60)).0, Ended::Badly);
    }

    #[test]
    fn a_program_over_its_limit_is_killed_with_its_children() {
        let limit = Duration::from_millis(300);
        let (ended, lines) = shell("cat /dev/zero >/dev/null & echo $!; wait", limit);
        assert_eq!(ended, Ended::CutOff);
        let (_, child) = lines.first().expect("the child's number was printed");
        let begun = now();
        while is_running(child) {
            assert!(begun.elapsed() < Duration::from_secs(10), "still running");
            std::thread::yield_now();
        }
    }

    fn is_running(process: &str) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        stat.contains("(cat)") && !stat.contains(") Z ")
    }
}
