//! Convert and its single steps: plan, run, report.
