//! One writer at a time.

use std::cell::RefCell;
use std::time::Duration;

use ferrotape_domain::Cancel;
use ferrotape_store::{StoreError, lock, try_lock};

use crate::safety::Child;

#[test]
fn the_second_is_told_who_holds_it_and_gets_it_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let held = try_lock(folder.path()).unwrap();
    let Err(StoreError::Locked { by }) = try_lock(folder.path()) else { panic!("locked twice") };
    assert!(by.starts_with(&format!("process {}", std::process::id())), "{by}");

    let path = folder.path().to_owned();
    let waiter = std::thread::spawn(move || {
        let said = RefCell::new(Vec::new());
        let taken = lock(&path, &|by| said.borrow_mut().push(by.to_owned()), &Cancel::default());
        (taken.is_ok(), said.into_inner())
    });
    std::thread::sleep(Duration::from_millis(700));
    assert!(!waiter.is_finished());
    drop(held);
    let (taken, said) = waiter.join().unwrap();
    assert!(taken);
    assert_eq!(said, [by], "said once");
}

#[test]
fn waiting_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let _held = try_lock(folder.path()).unwrap();
    let cancel = Cancel::default();
    let stopped = lock(folder.path(), &|_| cancel.stop(), &cancel);
    assert!(matches!(stopped, Err(StoreError::Stopped { .. })), "{stopped:?}");
}

#[test]
fn another_process_is_seen_and_its_death_frees_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Child::start("hold the lock", folder.path());
    child.wait_until_ready();
    let Err(StoreError::Locked { by }) = try_lock(folder.path()) else { panic!("locked twice") };
    assert!(by.starts_with(&format!("process {}", child.id())), "{by}");
    child.kill();
    assert!(try_lock(folder.path()).is_ok());
}
