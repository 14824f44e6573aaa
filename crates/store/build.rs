//! A changed migration must be embedded anew; the macro that embeds them cannot tell cargo so.

fn main() {
    // The one way a build script speaks to cargo.
    #[expect(clippy::print_stdout, reason = "cargo reads a build script's stdout")]
    {
        println!("cargo::rerun-if-changed=migrations");
    }
}
