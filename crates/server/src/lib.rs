//! HTTP to the engine: the report and its figures in a browser.
