use anyhow::Result;

use crate::args::Args;

pub(crate) fn run(args: Args) -> Result<()> {
    args.finish()
}
