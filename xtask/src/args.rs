//! Arguments of a verb: `--name value`, `--name=value`, flags and one optional word. Too little for a parser crate.

use std::str::FromStr;

use anyhow::{Context, Result, bail};

/// What is left of the command line; every verb takes what it knows and then calls [`Args::finish`].
pub(crate) struct Args(Vec<String>);

impl Args {
    pub(crate) fn new(words: impl Iterator<Item = String>) -> Self {
        Self(words.collect())
    }

    /// Takes the first word that is no option.
    pub(crate) fn verb(&mut self) -> Option<String> {
        if self.0.is_empty() { None } else { Some(self.0.remove(0)) }
    }

    /// Takes a word that is no option, if the next one is.
    pub(crate) fn word(&mut self) -> Option<String> {
        if self.0.first().is_some_and(|word| !word.starts_with('-')) { self.verb() } else { None }
    }

    /// Takes a word that stands alone, like `--update-ratchet`.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let at = self.0.iter().position(|word| word == name);
        at.map(|at| self.0.remove(at)).is_some()
    }

    /// Takes `--name value` or `--name=value`.
    pub(crate) fn option<T: FromStr>(&mut self, name: &str) -> Result<Option<T>>
    where
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        let joined = format!("{name}=");
        let Some(at) = self.0.iter().position(|word| word == name || word.starts_with(&joined)) else {
            return Ok(None);
        };
        let word = self.0.remove(at);
        let value = match word.strip_prefix(&joined) {
            Some(value) => value.to_owned(),
            None if at < self.0.len() => self.0.remove(at),
            None => bail!("{name} needs a value"),
        };
        value.parse().map(Some).with_context(|| format!("{name} {value}"))
    }

    /// Takes an option that must be there.
    pub(crate) fn required<T: FromStr>(&mut self, name: &str) -> Result<T>
    where
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        self.option(name)?.with_context(|| format!("{name} is missing – give it a value"))
    }

    /// Refuses whatever nobody took.
    pub(crate) fn finish(self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some(word) => bail!("“{word}” is not understood here – see cargo xtask help"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(words: &[&str]) -> Args {
        Args::new(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn options_are_taken_in_both_forms_and_any_order() {
        let mut args = args(&["bench", "scan", "--files=7", "--music", "here"]);
        assert_eq!(args.verb().as_deref(), Some("bench"));
        assert_eq!(args.word().as_deref(), Some("scan"));
        assert_eq!(args.option::<String>("--music").unwrap().as_deref(), Some("here"));
        assert_eq!(args.option::<u32>("--files").unwrap(), Some(7));
        assert_eq!(args.option::<u32>("--tracks").unwrap(), None);
        args.finish().unwrap();
    }

    #[test]
    fn mistakes_are_named() {
        assert!(args(&["--files", "many"]).option::<u32>("--files").is_err());
        assert!(args(&["--files"]).option::<u32>("--files").is_err());
        assert!(args(&[]).required::<u32>("--files").is_err());
        let said = args(&["--flies"]).finish().unwrap_err().to_string();
        assert!(said.contains("--flies"), "{said}");
    }
}
