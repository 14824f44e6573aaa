//! The tables as the queries see them. Only types that SQLite and PostgreSQL share.

diesel::table! { imports (id) { id -> BigInt, label -> Text, at -> BigInt, origin -> Text, } }

diesel::joinable!(plays -> wanted (wanted_id));
diesel::allow_tables_to_appear_in_same_query!(plays, wanted);
diesel::allow_tables_to_appear_in_same_query!(import_playlists, imports);

diesel::table! {
    watched (path) {
        path -> Binary,
        kind -> Text,
        stamp -> Text,
        at -> BigInt,
        content -> Text,
        import_id -> BigInt,
    }
}

diesel::table! { account_answers (key) { key -> Text, at -> BigInt, body -> Binary, } }

diesel::table! {
    wanted (id) {
        id -> BigInt,
        key -> Text,
        name_key -> Text,
        artist_key -> Text,
        kind -> Text,
        title -> Text,
        artists -> Text,
        release -> Nullable<Text>,
        release_artists -> Text,
        track_number -> Nullable<BigInt>,
        disc_number -> Nullable<BigInt>,
        released -> Nullable<Text>,
        duration_ms -> Nullable<BigInt>,
        isrc -> Nullable<Text>,
        recording_mbid -> Nullable<Text>,
        explicit -> Nullable<BigInt>,
        spotify -> Nullable<Text>,
        spotify_release -> Nullable<Text>,
        feed -> Nullable<Text>,
        same_as -> Nullable<BigInt>,
        origin -> Text,
    }
}

diesel::table! { wanted_aliases (alias) { alias -> Text, wanted_id -> BigInt, } }

diesel::table! {
    playlists (id) {
        id -> BigInt,
        key -> Text,
        kind -> Text,
        name -> Text,
        spotify -> Nullable<Text>,
        allows -> Nullable<Text>,
        source_version -> Nullable<BigInt>,
        origin -> Text,
        link_origin -> Text,
    }
}

diesel::table! { import_playlists (import_id, playlist_id) { import_id -> BigInt, playlist_id -> BigInt, } }

diesel::table! {
    playlist_entries (id) {
        id -> BigInt,
        playlist_id -> BigInt,
        position -> BigInt,
        wanted_id -> BigInt,
        added -> Nullable<Text>,
    }
}

diesel::table! {
    list_versions (id) {
        id -> BigInt,
        playlist_id -> BigInt,
        import_id -> BigInt,
        kind -> Text,
        name -> Text,
        total -> BigInt,
        added -> BigInt,
        removed -> BigInt,
        depth -> BigInt,
        base -> Nullable<BigInt>,
        prefix -> BigInt,
        suffix -> BigInt,
        middle -> Text,
        removals -> Text,
    }
}

diesel::table! {
    merges (id) {
        id -> BigInt,
        wanted_id -> BigInt,
        into_id -> BigInt,
        at -> BigInt,
        reason -> Text,
        undone -> BigInt,
    }
}

diesel::table! {
    plays (wanted_id, ended_at, source) {
        wanted_id -> BigInt,
        ended_at -> BigInt,
        source -> BigInt,
        played_ms -> Integer,
    }
}

diesel::table! { noted (kind, name, spotify) { kind -> Text, name -> Text, spotify -> Text, origin -> Text, } }

diesel::table! {
    files (id) {
        id -> BigInt,
        path -> Binary,
        size -> BigInt,
        modified_ns -> BigInt,
        missing -> BigInt,
        state -> Text,
        reason -> Text,
        content -> Nullable<Text>,
        cover -> Text,
        facts -> Text,
        tags -> Text,
        parts -> Text,
        sheets -> BigInt,
        changed_ns -> BigInt,
        whole -> Text,
    }
}

diesel::table! { former_contents (content, path) { content -> Text, path -> Binary, facts -> Text, } }

diesel::table! {
    decisions (id) {
        id -> BigInt,
        wanted_key -> Text,
        label -> Text,
        verdict -> Text,
        decided_at -> BigInt,
        current -> BigInt,
        undoes -> Nullable<BigInt>,
        batch -> BigInt,
    }
}

diesel::table! {
    heard (content) {
        content -> Text,
        version -> BigInt,
        fingerprint -> Binary,
        duration_ms -> BigInt,
        health -> Text,
    }
}

diesel::table! { loudness (content) { content -> Text, version -> BigInt, measured -> Binary, } }

diesel::table! { runs (id) { id -> BigInt, target -> Text, at -> BigInt, body -> Text, } }

diesel::table! {
    provenance (content, source, remote_id) {
        content -> Text,
        source -> Text,
        remote_id -> Text,
        file_name -> Text,
        url -> Nullable<Text>,
        page -> Nullable<Text>,
        rights -> Text,
        licence -> Text,
        licence_url -> Nullable<Text>,
        note -> Text,
        at -> BigInt,
        sha256 -> Text,
        said -> Text,
    }
}

diesel::table! { feeds_of_files (content, feed) { content -> Text, feed -> Text, } }

diesel::table! { feeds_of_shows (show, feed) { show -> Text, feed -> Text, } }

diesel::table! { doubted_feeds (show, feed) { show -> Text, feed -> Text, } }

diesel::table! {
    listed_tracks (wanted_key, disc, track) {
        wanted_key -> Text,
        source -> Text,
        disc -> BigInt,
        track -> BigInt,
    }
}

diesel::table! { listings (source) { source -> Text, mark -> Text, at -> BigInt, } }

diesel::table! {
    remote_offers (source, remote_id) { source -> Text, remote_id -> Text, offer -> Text, }
}

diesel::table! {
    facts (wanted_id, service, word) {
        wanted_id -> BigInt,
        service -> Text,
        word -> Text,
        value -> Text,
        known_by -> Text,
    }
}

diesel::table! {
    sound_names (content, service, recording) {
        content -> Text,
        service -> Text,
        recording -> Text,
        title -> Text,
        artists -> Text,
        alike -> BigInt,
    }
}

diesel::table! {
    lyrics (wanted_id) {
        wanted_id -> BigInt,
        service -> Text,
        plain -> Nullable<Text>,
        synced -> Nullable<Text>,
        instrumental -> BigInt,
        duration_ms -> BigInt,
    }
}

diesel::table! {
    asked_of (service, subject) { service -> Text, subject -> Text, at -> BigInt, found -> BigInt, }
}

diesel::table! {
    lines (line) {
        line -> Text,
        next_turn -> BigInt,
        down_since -> Nullable<BigInt>,
        last_good -> Nullable<BigInt>,
        failures -> Integer,
        not_before -> BigInt,
        reason -> Text,
    }
}

diesel::table! {
    incidents (id) {
        id -> BigInt,
        line -> Text,
        since -> BigInt,
        until -> Nullable<BigInt>,
        reason -> Text,
    }
}

diesel::table! {
    answers (key) {
        key -> Text,
        line -> Text,
        at -> BigInt,
        status -> Integer,
        content_type -> Text,
        etag -> Text,
        last_modified -> Text,
        body -> Binary,
    }
}

diesel::table! { notes (line, name) { line -> Text, name -> Text, value -> Text, } }
