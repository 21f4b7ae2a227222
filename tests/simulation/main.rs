//! The real edge service on a simulated platform: several isolates, one store, a model of Zendesk, virtual time, faults and
//! crashes, all drawn from a seed. `npm run simulate -- --help` says how to use it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod books;
mod checks;
#[path = "../messages/mod.rs"]
mod messages;
mod plan;
mod platform;
mod rng;
mod run;
mod scenario;
mod service;
mod store;
mod world;
mod zendesk;

use crate::run::{Outcome, run};
use crate::world::{Tally, Violation};
use serde_json::json;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use zendesk_auth::edge::{Defect, set_defect};

const USAGE: &str = "npm run simulate                        1,000 seeds
npm run simulate -- --seeds N           so many seeds, from 1 on
npm run simulate -- --seed K            one seed, with its whole story
npm run simulate -- --defect NAME       with a defect put in: no-lease, use-before-store, never-expires
npm run simulate -- --prove             each of the three defects, until it is found; fails if one is not in 1,000 seeds
                    --json              what came of it as JSON";

const MOST_SEEDS_FOR_A_DEFECT: u64 = 1000;

const DEFECTS: [(&str, Defect); 3] = [
    ("no-lease", Defect::NoLease),
    ("use-before-store", Defect::UseBeforeStore),
    ("never-expires", Defect::NeverExpires),
];

struct Options {
    seeds: u64,
    seed: Option<u64>,
    defect: Option<Defect>,
    is_proof: bool,
    is_json: bool,
}

fn main() {
    let options = match options() {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("{problem}\n\n{USAGE}");
            std::process::exit(2);
        }
    };
    let is_good = match options.seed {
        Some(seed) => replay(seed, options.defect),
        None if options.is_proof => prove(&options),
        None => explore(&options),
    };
    std::process::exit(i32::from(!is_good));
}

fn options() -> Result<Options, String> {
    let mut options = Options { seeds: 1000, seed: None, defect: None, is_proof: false, is_json: false };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        let number = |text: String| text.parse::<u64>().map_err(|_| format!("{text} is no number"));
        match argument.as_str() {
            "--seeds" => options.seeds = number(value()?)?,
            "--seed" => options.seed = Some(number(value()?)?),
            "--prove" => options.is_proof = true,
            "--json" => options.is_json = true,
            "--defect" => {
                let name = value()?;
                let known = DEFECTS.iter().find(|(known, _)| *known == name);
                options.defect = Some(known.ok_or(format!("there is no defect {name}"))?.1);
            }
            "--help" => {
                println!("{USAGE}");
                std::process::exit(0);
            }
            // What `cargo test` passes on.
            "--nocapture" | "--quiet" | "-q" => {}
            _ => return Err(format!("there is no option {argument}")),
        }
    }
    Ok(options)
}

/// One seed, with its story.
fn replay(seed: u64, defect: Option<Defect>) -> bool {
    set_defect(defect);
    let Outcome { violation, trace, .. } = run(seed, true);
    for line in trace {
        println!("{line}");
    }
    match &violation {
        Some(Violation { invariant, message }) => println!("\nseed {seed} breaks `{invariant}`: {message}"),
        None => println!("\nseed {seed} breaks nothing"),
    }
    violation.is_none()
}

/// Whether a seed tells the same story twice, and comes to the same end without telling it.
fn is_exact(seed: u64, defect: Option<Defect>) -> bool {
    set_defect(defect);
    let (first, second, silent) = (run(seed, true), run(seed, true), run(seed, false));
    first.trace == second.trace && !first.trace.is_empty() && first.violation == silent.violation
}

struct Found {
    tally: Tally,
    broken: Vec<(u64, String, String)>,
}

/// Many seeds, on all cores; `stop` ends it with the first that breaks something.
fn search(seeds: u64, defect: Option<Defect>, stop: bool) -> Found {
    let next = AtomicU64::new(1);
    let found = Mutex::new(Found { tally: Tally::default(), broken: Vec::new() });
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                set_defect(defect);
                let mut own = Tally::default();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > seeds {
                        break;
                    }
                    let Outcome { tally, violation, .. } = run(seed, false);
                    add(&mut own, tally);
                    if let Some(violation) = violation {
                        let broken = (seed, violation.invariant.to_string(), violation.message);
                        found.lock().unwrap().broken.push(broken);
                        if stop {
                            next.store(seeds + 1, Ordering::Relaxed);
                        }
                    }
                }
                add(&mut found.lock().unwrap().tally, own);
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.broken.sort();
    found
}

fn add(sum: &mut Tally, more: Tally) {
    sum.calls += more.calls;
    sum.awaits += more.awaits;
    sum.refreshes += more.refreshes;
    sum.faults += more.faults;
    sum.crashes += more.crashes;
    sum.lost_pairs += more.lost_pairs;
    sum.reauthorizations += more.reauthorizations;
    sum.handed_out += more.handed_out;
}

fn explore(options: &Options) -> bool {
    let began = Instant::now();
    let Found { tally, broken } = search(options.seeds, options.defect, false);
    let seconds = began.elapsed().as_secs_f64();
    let first = broken.first();
    if options.is_json {
        let first =
            first.map(|(seed, invariant, message)| json!({ "seed": seed, "invariant": invariant, "message": message }));
        let report = json!({
            "seeds": options.seeds, "violations": broken.len(), "first": first, "calls": tally.calls,
            "awaits": tally.awaits, "refreshes": tally.refreshes, "handedOut": tally.handed_out, "faults": tally.faults,
            "crashes": tally.crashes, "lostPairs": tally.lost_pairs, "reauthorizations": tally.reauthorizations,
            "seconds": (seconds * 10.0).round() / 10.0,
        });
        println!("{report}");
    } else {
        println!(
            "{} seeds in {seconds:.1} s: {} calls, {} awaits, {} refreshes, {} faults, {} crashes, {} pairs lost to them",
            options.seeds, tally.calls, tally.awaits, tally.refreshes, tally.faults, tally.crashes, tally.lost_pairs
        );
        println!("{} violations", broken.len());
        if let Some((seed, invariant, message)) = first {
            println!("\nthe first is seed {seed}, which breaks `{invariant}`: {message}\n");
            set_defect(options.defect);
            for line in run(*seed, true).trace {
                println!("{line}");
            }
            println!("\nagain: npm run simulate -- --seed {seed}");
        }
    }
    broken.is_empty()
}

/// The simulation can fail: each defect is found. And what it finds can be looked at again: every story is exact.
fn prove(options: &Options) -> bool {
    let seeds = options.seeds.min(MOST_SEEDS_FOR_A_DEFECT);
    let proofs = DEFECTS.map(|(name, defect)| {
        let found = search(seeds, Some(defect), true).broken.into_iter().next();
        let is_exact = found.as_ref().is_some_and(|(seed, ..)| is_exact(*seed, Some(defect)));
        (name, found, is_exact)
    });
    if options.is_json {
        let proofs = proofs.each_ref().map(|(name, found, is_exact)| {
            let (seed, invariant) = found.as_ref().map(|(seed, invariant, _)| (seed, invariant)).unzip();
            json!({ "defect": name, "seed": seed, "invariant": invariant, "exact": is_exact })
        });
        println!("{}", json!({ "seeds": seeds, "defects": proofs }));
    } else {
        for (name, found, is_exact) in &proofs {
            match found {
                Some((seed, invariant, _)) if *is_exact => {
                    println!("{name}: found with seed {seed}, which breaks `{invariant}`, and does so again");
                }
                Some((seed, ..)) => println!("{name}: seed {seed} does NOT tell the same story twice"),
                None => println!("{name}: NOT FOUND in {seeds} seeds"),
            }
        }
    }
    proofs.iter().all(|(_, found, is_exact)| found.is_some() && *is_exact)
}
