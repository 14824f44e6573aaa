//! A changed migration must be embedded anew; the macro that embeds them cannot tell cargo so.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
