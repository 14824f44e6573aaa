//! How texts are read: titles taken apart, credits, file names, and every sensible way to read a file or a wish.

pub(crate) mod album_in_title;
pub(crate) mod aliases;
pub(crate) mod copy_marks;
pub(crate) mod cut_tags;
pub(crate) mod describe;
pub(crate) mod disc_folders;
pub(crate) mod file_names;
pub(crate) mod folders;
pub(crate) mod labels;
pub(crate) mod names;
pub(crate) mod one_title;
pub(crate) mod other_album;
pub(crate) mod own_version;
pub(crate) mod paths;
pub(crate) mod songs;
pub(crate) mod title;
pub(crate) mod wanted_texts;
