//! One program for all targets: `FERROTAPE_FUZZ` names the reader, `cargo xtask fuzz` starts it.
//!
//! What ends a run: a panic in our code, more memory than [`MOST_MEMORY`], an input that takes longer than libFuzzer's
//! `-timeout`. Panics in libraries are caught where they are used, as they are for users, and are only counted; with
//! `FERROTAPE_FUZZ_STRICT` set they end the run, too.

#![no_main]

use std::alloc::System;
use std::cell::RefCell;
use std::fs::File;
use std::sync::OnceLock;

use cap::Cap;
use ferrotape_audio::fuzzing as audio;
use ferrotape_import::fuzzing as import;
use ferrotape_services::fuzzing as services;
use libfuzzer_sys::fuzz_target;
use tempfile::NamedTempFile;

/// Bytes that one input may take, with all that the fuzzer keeps: the promise for a file is 256 MiB.
const MOST_MEMORY: usize = 320 << 20;

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// What is fuzzed.
#[derive(Clone, Copy)]
enum Target {
    Audio(audio::Reader),
    Import(import::Reader),
    Services(services::Reader),
}

static TARGET: OnceLock<Target> = OnceLock::new();

thread_local! {
    static SCRATCH: RefCell<Option<File>> = const { RefCell::new(None) };
    static NAMED_SCRATCH: RefCell<Option<NamedTempFile>> = const { RefCell::new(None) };
}

fuzz_target!(init: begin(), |bytes: &[u8]| match TARGET.get() {
    Some(Target::Audio(reader)) => SCRATCH.with_borrow_mut(|scratch| {
        let file = scratch.get_or_insert_with(|| tempfile::tempfile().expect("a scratch file can be made"));
        (reader.read)(file, bytes);
    }),
    Some(Target::Import(reader)) => NAMED_SCRATCH.with_borrow_mut(|scratch| {
        let file = scratch.get_or_insert_with(|| NamedTempFile::new().expect("a scratch file can be made"));
        (reader.read)(file.path(), bytes);
    }),
    Some(Target::Services(reader)) => (reader.read)(bytes),
    None => {}
});

fn begin() {
    let name = std::env::var("FERROTAPE_FUZZ").unwrap_or_default();
    let audio = audio::READERS.iter().find(|reader| reader.name == name).map(|reader| Target::Audio(*reader));
    let import =
        import::READERS.iter().find(|reader| reader.name == name).map(|reader| Target::Import(*reader));
    let services = services::readers().find(|reader| reader.name == name).map(Target::Services);
    let target = audio.or(import).or(services);
    TARGET
        .get_or_init(|| target.unwrap_or_else(|| panic!("FERROTAPE_FUZZ must name a reader, not “{name}”")));
    MEMORY.set_limit(MOST_MEMORY).expect("little memory is in use yet");
    let strict = std::env::var_os("FERROTAPE_FUZZ_STRICT").is_some();
    let ending = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let ours = panic.location().is_none_or(|location| !location.file().contains("/registry/src/"));
        if ours || strict {
            ending(panic);
        }
    }));
}
