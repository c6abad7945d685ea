//! `cargo xtask test`: chooses layers, prepares the machine beside the build, runs, and sums up.

pub(crate) mod build;
pub(crate) mod changed;
mod journeys;
pub(crate) mod layers;
mod ledger;
mod maven;
pub(crate) mod needs;
mod process;
pub(crate) mod progress;
pub(crate) mod python;
mod report;
mod rules;
mod runner;
mod suite;
mod swift;
mod table;

use anyhow::{Context, Result, bail};
use build::Executable;
pub(crate) use build::cargo;
use changed::{Passed, Workspace};
use clap::Args;
use journeys::Journeys;
use layers::{Layer, When};
use ledger::Ledger;
use needs::Provision;
use report::{Outcome, Row, Totals};
use runner::Runner;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::thread;
use suite::{BUILD_BUDGET, LAYERS};

/// Options of `cargo xtask test`.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Options {
    /// Rust only, nothing installed: what one runs before each commit
    #[arg(long)]
    fast: bool,
    /// Runs this layer only (repeat for more)
    #[arg(long, value_name = "NAME")]
    layer: Vec<String>,
    /// Prints the layers and runs nothing
    #[arg(long)]
    list: bool,
    /// Skips what passed here and did not change since; refused where CI is set
    #[arg(long)]
    changed: bool,
    /// Runs each layer so many times, to find what fails now and then
    #[arg(long, value_name = "TIMES", default_value_t = 1)]
    repeat: u32,
    /// Adds the long runs and the layers that only run so
    #[arg(long, conflicts_with = "fast")]
    all: bool,
}

/// Runs the command: `Ok(true)` when everything asked for is good.
pub(crate) fn run(options: &Options) -> Result<bool> {
    if options.list {
        progress::print(&table::list());
        return Ok(true);
    }
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    if options.changed && in_ci {
        bail!(
            "--changed trusts what passed on this machine before; continuous integration runs everything"
        );
    }
    let chosen = choose(options)?;
    process::end_children_on_signals().context("signal handlers")?;
    let root = root()?;
    let workspace = Workspace::read(&root)?;
    let logs = workspace.target.join("xtask");
    std::fs::create_dir_all(&logs).with_context(|| logs.display().to_string())?;

    let mut journeys = Journeys::read(&root);
    let rows = run_layers(options, &chosen, &root, &logs, &workspace, &mut journeys)?;
    progress::print(&table::closing(&rows));
    if let Some(journeys) = table::journeys(&journeys.rows()) {
        progress::print(&journeys);
    }
    if rows.iter().any(|row| !row.passed()) {
        progress::say(&format!("output of each layer: {}", logs.display()));
    }
    let totals = Totals::of(&rows);
    progress::print(&totals.line());
    Ok(totals.good(in_ci))
}

fn choose(options: &Options) -> Result<Vec<&'static Layer>> {
    let unknown = options
        .layer
        .iter()
        .find(|name| LAYERS.iter().all(|layer| layer.name != **name));
    if let Some(name) = unknown {
        let names: Vec<&str> = LAYERS.iter().map(|layer| layer.name).collect();
        bail!("no layer `{name}`; there are: {}", names.join(" "));
    }
    let wanted = |layer: &&Layer| {
        let named = options.layer.iter().any(|name| name == layer.name);
        let due = match layer.when {
            When::Fast => true,
            When::Full => !options.fast,
            When::All => options.all || named,
        };
        due && (named || options.layer.is_empty())
    };
    Ok(LAYERS.iter().filter(wanted).collect())
}

fn run_layers(
    options: &Options,
    chosen: &[&'static Layer],
    root: &Path,
    logs: &Path,
    workspace: &Workspace,
    journeys: &mut Journeys,
) -> Result<Vec<Row>> {
    let mut passed = Passed::load(logs);
    let mut rows = Vec::new();
    let mut due = Vec::new();
    for layer in chosen {
        let fingerprint = workspace.fingerprint(layer).ok();
        let known = fingerprint
            .as_ref()
            .is_some_and(|f| passed.has(layer.name, f));
        if options.changed && known {
            rows.push(Row::without_run(
                layer.name,
                Outcome::Unchanged,
                layer.budget(),
            ));
        } else {
            due.push((*layer, fingerprint));
        }
    }

    let layers: Vec<&Layer> = due.iter().map(|(layer, _)| *layer).collect();
    let (provision, built) = prepare(&layers, root, logs)?;
    let mut executables = None;
    let mut ledger = Ledger::default();
    if let Some((row, found)) = built {
        rows.push(row);
        executables = found;
    }
    let times = usize::try_from(options.repeat.max(1))?;
    let due = due
        .into_iter()
        .flat_map(|one| std::iter::repeat_n(one, times));
    for (layer, fingerprint) in due {
        let row = run_layer(
            options,
            layer,
            root,
            logs,
            &provision,
            executables.as_deref(),
            (&mut ledger, journeys),
        )?;
        passed.note(layer.name, fingerprint.filter(|_| row.passed()))?;
        rows.push(row);
    }
    Ok(rows)
}

/// Fetches what the machine lacks in a thread beside the compilation: neither waits for the other.
#[expect(clippy::type_complexity, reason = "used once, named by its two halves")]
fn prepare(
    layers: &[&'static Layer],
    root: &Path,
    logs: &Path,
) -> Result<(Provision, Option<(Row, Option<Vec<Executable>>)>)> {
    let wanted: Vec<&'static Layer> = layers.to_vec();
    let at = root.to_owned();
    let provision = thread::spawn(move || Provision::of(&wanted, &at));
    let built = if layers.iter().any(|layer| layer.needs_build()) {
        let mut log = File::create(logs.join("build.log"))?;
        let (row, executables) = build::build(root, &mut log, BUILD_BUDGET)?;
        if executables.is_none() {
            runner::show_what_failed(&logs.join("build.log"));
        }
        Some((row, executables))
    } else {
        None
    };
    let Ok(provision) = provision.join() else {
        bail!("looking at what the machine has failed");
    };
    Ok((provision, built))
}

fn run_layer(
    options: &Options,
    layer: &Layer,
    root: &Path,
    logs: &Path,
    provision: &Provision,
    executables: Option<&[Executable]>,
    (ledger, journeys): (&mut Ledger, &mut Journeys),
) -> Result<Row> {
    let obstacle = provision.obstacle(layer).or_else(|| {
        let lacking = layer.needs_build() && executables.is_none();
        lacking.then(|| "the workspace does not compile".to_owned())
    });
    if let Some(why) = obstacle {
        progress::say(&format!("{} not run: {why}", layer.name));
        return Ok(Row::without_run(
            layer.name,
            Outcome::NotRun(why),
            layer.budget(),
        ));
    }
    let mut runner = Runner {
        root,
        log: logs.join(format!("{}.log", layer.name)),
        long_runs: options.all,
        executables: executables.unwrap_or_default(),
        ledger,
        journeys,
    };
    Ok(runner.run(layer)?)
}

/// Gets what a layer needs of this machine, for whoever runs something like it.
pub(crate) fn provide(name: &str, root: &Path) -> Result<()> {
    let named = LAYERS.iter().find(|layer| layer.name == name);
    let layer = named.context("a layer of that name")?;
    match Provision::of(&[layer], root).obstacle(layer) {
        None => Ok(()),
        Some(why) => bail!("{why}"),
    }
}

/// The workspace's root: two folders above this crate.
pub(crate) fn root() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().context("the workspace's root")
}

#[cfg(test)]
mod tests {
    use super::{Options, When, choose};

    #[test]
    fn fast_leaves_out_what_needs_the_machine_changed() {
        let options = Options {
            fast: true,
            ..Options::default()
        };
        let chosen = choose(&options).expect("no layer is named");
        assert!(chosen.iter().all(|layer| layer.when == When::Fast));
        assert!(chosen.iter().all(|layer| layer.needs.is_empty()));
        assert!(!chosen.is_empty());
    }

    #[test]
    fn some_layers_run_only_with_all_or_by_name() {
        let has = |options: &Options| {
            let chosen = choose(options).expect("no unknown layer");
            chosen.iter().any(|layer| layer.when == When::All)
        };
        let all = Options {
            all: true,
            ..Options::default()
        };
        let named = Options {
            layer: vec!["artefacts".to_owned()],
            ..Options::default()
        };
        assert!(!has(&Options::default()));
        assert!(has(&all) && has(&named));
    }

    #[test]
    fn named_layers_run_alone_and_an_unknown_name_is_refused() {
        let named = |name: &str| Options {
            layer: vec![name.to_owned()],
            ..Options::default()
        };
        let chosen = choose(&named("docs")).expect("a known layer");
        assert_eq!(chosen.len(), 1);
        let refusal = choose(&named("dogs")).expect_err("an unknown layer");
        assert!(refusal.to_string().contains("docs"));
    }
}
