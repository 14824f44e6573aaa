//! Player profiles: the built-in ones are sound, and what a user's file may say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ferrotape_device::{
    Characters, Confidence, FileOrder, Profile, Profiles, Split, TagVersion, TextEncoding,
};

fn with_files(files: &[(&str, &str)]) -> (Profiles, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let (profiles, errors) = Profiles::with_folder(folder.path());
    (profiles, errors.iter().map(ToString::to_string).collect())
}

#[test]
fn every_file_of_the_folder_is_built_in_and_says_where_its_facts_are_from() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let built_in: BTreeSet<String> = Profiles::built_in().all().map(|profile| profile.name.clone()).collect();
    assert_eq!(files, built_in);
    assert!(built_in.len() >= 16, "{}", built_in.len());
    for profile in Profiles::built_in().all() {
        assert!(!profile.facts.is_empty(), "{} names no source", profile.name);
        for fact in &profile.facts {
            assert!(!fact.says.trim().is_empty() && !fact.source.trim().is_empty(), "{}", profile.name);
        }
    }
    assert_eq!(Profiles::built_in().all().next().unwrap().name, "generic");
}

#[test]
fn a_profile_says_only_what_is_different() {
    let rockbox = Profiles::built_in().named("rockbox").unwrap();
    let small = Profiles::built_in().named("rockbox-small").unwrap();
    assert_eq!(rockbox.tags.version, TagVersion::V24);
    assert_eq!((rockbox.playlists.max_entries, small.playlists.max_entries), (10_000, 2_000));
    assert_eq!(small.tags, rockbox.tags);
    let walkman = Profiles::built_in().named("sony-walkman").unwrap();
    assert_eq!((&walkman.podcasts.folder[..], walkman.podcasts.split), ("MUSIC/Podcasts", Split::Never));
    let shokz = Profiles::built_in().named("shokz-openswim").unwrap();
    assert_eq!((shokz.audiobooks.split, shokz.audiobooks.split_minutes), (Split::Minutes, 5));
    let mib = Profiles::built_in().named("car-vw-mib").unwrap();
    assert_eq!((mib.playlists.max_playlists, mib.folders.max_tracks), (32, 65_503));
    assert_eq!(mib.playlists.encoding, TextEncoding::Utf8Mark, "as `car`");
    let radio = Profiles::built_in().named("car-renault-medianav").unwrap();
    assert_eq!(
        (radio.names.characters, radio.playlists.encoding),
        (Characters::Latin1, TextEncoding::Latin1)
    );
    assert!(small.detect.markers.is_empty(), "what recognises one kind does not recognise another");
    assert_eq!(rockbox.confidence(), Confidence::Documented);
}

#[test]
fn a_users_file_extends_a_profile_and_wins_over_a_built_in_one() {
    let mine = "name = \"mine\"\ntitle = \"My radio\"\nextends = \"car\"\n[names]\ncharacters = \"ascii\"\n";
    let generic = "name = \"generic\"\ntitle = \"Any\"\nextends = \"rockbox\"\n";
    let (profiles, errors) = with_files(&[("a.toml", mine), ("notes.txt", "no profile")]);
    assert_eq!(errors, Vec::<String>::new());
    let mine = profiles.named("mine").unwrap();
    assert_eq!(mine.names.characters, Characters::Ascii);
    assert_eq!(mine.copy.order, FileOrder::Directory, "from car");
    assert_eq!(mine.podcasts, Profile::generic().podcasts, "files from before there were podcasts");
    assert_eq!(mine.names.replacements, Profile::generic().names.replacements, "from generic");
    // What ferrotape comes with extends no file of the user's, so this is no circle.
    let (profiles, errors) = with_files(&[("generic.toml", generic)]);
    assert_eq!(errors, Vec::<String>::new());
    let rockbox = Profiles::built_in().named("rockbox").unwrap();
    assert_eq!((profiles.generic().title.as_str(), &profiles.generic().tags), ("Any", &rockbox.tags));
    assert_eq!(profiles.named("rockbox"), Some(rockbox));
    // A circle is told, and costs nothing else.
    let of = |name: &str, parent: &str| format!("name = \"{name}\"\ntitle = \"x\"\nextends = \"{parent}\"\n");
    let (profiles, errors) = with_files(&[("a.toml", &of("a", "b")), ("b.toml", &of("b", "a"))]);
    assert!(errors[0].contains("extend each other"), "{errors:?}");
    assert_eq!(profiles.generic().title, "Any MP3 player");
}

#[test]
fn a_file_of_a_built_in_ones_name_that_extends_it_is_that_one_with_something_otherwise() {
    let of = |name: &str| format!("name = \"{name}\"\nextends = \"{name}\"\n[cover]\nmax_side = 100\n");
    let (profiles, errors) = with_files(&[
        ("generic.toml", &of("generic")),
        ("mine.toml", "name = \"mine\"\ntitle = \"Mine\"\n"),
        ("sony-walkman.toml", &of("sony-walkman")),
    ]);
    assert_eq!(errors, Vec::<String>::new());
    let walkman = Profiles::built_in().named("sony-walkman").unwrap();
    let own = profiles.named("sony-walkman").unwrap();
    assert_eq!(own.cover.max_side, 100);
    assert_eq!((&own.title, &own.detect, &own.extends), (&walkman.title, &walkman.detect, &walkman.extends));
    assert_eq!((&own.podcasts, own.facts.len()), (&walkman.podcasts, walkman.facts.len()));
    assert_eq!(profiles.generic().cover.max_side, 100);
    assert_eq!(profiles.generic().extends, None);
    assert_eq!(profiles.named("mine").unwrap().cover.max_side, 100, "it extends the user's");
    // A kind that is known is what `player show` says of it, also for what extends it.
    let (profiles, _) = with_files(&[
        ("generic.toml", &of("generic")),
        ("radio.toml", "name = \"radio\"\ntitle = \"Radio\"\nextends = \"car\"\n"),
    ]);
    let car = profiles.named("car").unwrap();
    assert_eq!((car.cover.max_side, profiles.named("radio").unwrap().cover.max_side), (500, 500));
    // Only what differs has to be said of generic as well.
    let short = "name = \"generic\"\n[cover]\nmax_side = 100\n";
    let (profiles, errors) = with_files(&[("generic.toml", short)]);
    assert_eq!((errors.len(), profiles.generic().cover.max_side), (0, 100));
    let (_, errors) = with_files(&[("mine.toml", &of("mine"))]);
    assert!(errors[0].contains("it extends itself"), "{errors:?}");
}

#[test]
fn one_that_cannot_be_used_stops_none_of_the_others() {
    let mine = |parent: &str| format!("name = \"mine\"\ntitle = \"Mine\"\nextends = \"{parent}\"\n");
    for parent in ["generic", "sony-walkman"] {
        let broken = format!("name = \"{parent}\"\n[cover]\nmax_side = 5\n");
        // Whether it is read before or after.
        for file in ["a.toml", "z.toml"] {
            let (profiles, errors) = with_files(&[(file, &broken), ("mine.toml", &mine(parent))]);
            assert!(errors.len() == 1 && errors[0].contains(file), "{parent}: {errors:?}");
            let built_in = Profiles::built_in().named(parent).unwrap();
            assert_eq!(profiles.named(parent), Some(built_in));
            assert_eq!(profiles.named("mine").unwrap().cover, built_in.cover);
        }
    }
}

#[test]
fn what_is_wrong_with_a_file_is_named_with_the_file() {
    let of = |rest: &str| format!("name = \"mine\"\ntitle = \"Mine\"\n{rest}");
    for (text, says) in [
        (of("[audio]\nmax_kpbs = 200\n"), "max_kpbs"),
        (of("[audio]\nmax_kbps = 20\n"), "audio.max_kbps"),
        (of("[audio]\nsample_rates = [8000]\n"), "audio.sample_rates"),
        (of("[audio]\nmax_kbps = 128000\n"), "audio.max_kbps: invalid value"),
        (of("[audio]\nmax_kbps = \"128k\"\n"), "audio.max_kbps: invalid type"),
        (of("[audio]\nmin_kbps = 129\n"), "audio.min_kbps"),
        (of("[cover]\nmax_side = -3\n"), "cover.max_side: invalid value"),
        (of("[folders]\nmusic = \"Musik: neu\"\n"), "folders.music: a folder cannot be called “Musik: neu”"),
        (of("[folders]\nplaylists = \"Lists?\"\n"), "folders.playlists"),
        (of("[podcasts]\nfolder = \"Talk/aux\"\n"), "podcasts.folder"),
        (of("[cover]\nfile = \"a*b.jpg\"\n"), "cover.file"),
        (
            of("[names]\nmax_path_units = 64\n[folders]\nmusic = \"A folder of a long name\"\n"),
            "names.max_path_units must be at least 74",
        ),
        (of("[folders]\nmax_files = 2\n"), "folders.max_files"),
        (of("[folders]\nmusic = \"../outside\"\n"), "folders.music"),
        (of("[folders]\nplaylists = \"/etc\"\n"), "folders.playlists"),
        (of("[folders]\nmusic = \".ferrotape\"\n"), "folders.music"),
        (of("[names]\notherwise = \"/\"\n"), "names.otherwise"),
        (of("[names]\nmax_name_units = 4\n"), "max_name_units"),
        (of("[tags]\ntext = \"utf8\"\n"), "tags.version"),
        (of("[playlists]\nencoding = \"latin1\"\n"), "playlists.encoding"),
        (of("[podcasts]\nfolder = \"../outside\"\n"), "podcasts.folder"),
        (of("[audiobooks]\nsplit_minutes = 0\n"), "audiobooks.split_minutes"),
        (of("[audiobooks]\nsplit = \"sometimes\"\n"), "sometimes"),
        (of("[cover]\nmax_side = 5\n"), "cover.max_side"),
        (of("extends = \"nobody\"\n"), "nobody"),
        ("title = \"No name\"\n".to_owned(), "no name"),
        ("name = \"Mine!\"\ntitle = \"x\"\n".to_owned(), "lower-case"),
        ("name = \"mine\"\n".to_owned(), "title"),
        ("this is no profile".to_owned(), "cannot be used"),
        ("name = \"mine\"\n".repeat(10_000), "bytes"),
    ] {
        let (profiles, errors) = with_files(&[("mine.toml", &text)]);
        assert_eq!(errors.len(), 1, "{text}");
        assert!(errors[0].contains("mine.toml") && errors[0].contains(says), "{says}: {}", errors[0]);
        assert_eq!(profiles.named("mine"), None);
        assert!(profiles.named("rockbox").is_some());
    }
}

#[test]
fn a_profile_written_out_is_read_back() {
    for profile in Profiles::built_in().all() {
        let mut profiles = Profiles::built_in().clone();
        let name = profiles.add_text(Path::new("x.toml"), &profile.to_toml()).unwrap();
        assert_eq!(profiles.named(&name), Some(profile), "{}", profile.name);
        let begun = profile.template("my-own").unwrap();
        assert_eq!(profiles.add_text(Path::new("my-own.toml"), &begun).unwrap(), "my-own");
        let mine = profiles.named("my-own").unwrap();
        assert_eq!((&mine.names, &mine.tags, &mine.audio), (&profile.names, &profile.tags, &profile.audio));
    }
    assert!(Profile::generic().template("../evil").is_err());
}
