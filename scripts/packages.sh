# Sourced by the scripts: finding and installing Debian packages. Works as root, with sudo, or with neither when
# everything is there already.

# say WORDS: a line for the reader that stands out from the output of tools.
say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }

# fail WORDS: the reason, and the end.
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# as_root COMMAND...: runs it with the rights to install packages.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# may_install: whether this user may install packages at all.
may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null
}

# refresh_lists: fetches the package lists once per run.
refresh_lists() {
    [ -z "${lists_are_fresh:-}" ] || return 0
    may_install || return 0
    as_root apt-get update -qq >/dev/null || say "the package lists could not be refreshed – going on with the old ones"
    lists_are_fresh=yes
}

# need PACKAGE TEST...: remembers the package as missing unless the test command succeeds.
missing_packages=()
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing_packages+=("$package")
}

# install_missing: installs what `need` found missing.
install_missing() {
    [ ${#missing_packages[@]} -gt 0 ] || return 0
    may_install ||
        fail "these Debian packages are missing and cannot be installed by this user (neither root nor sudo): ${missing_packages[*]} – install them and try again"
    say "installing ${missing_packages[*]}"
    refresh_lists
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing_packages[@]}" \
        >/dev/null || fail "apt-get could not install ${missing_packages[*]} – see its message above"
    missing_packages=()
}

# need_compilers: what building takes: a C compiler for SQLite and LAME, make, and Rust.
need_compilers() {
    need gcc command -v cc
    need make command -v make
    if ! command -v cargo >/dev/null && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
        PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
    fi
    command -v cargo >/dev/null || fail "Rust is not installed – get it from https://rustup.rs and try again"
}

# target_dir: where cargo builds to.
target_dir() {
    cargo metadata --format-version 1 --no-deps --quiet | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}

# install_supysonic FOLDER: puts supysonic, a music server that tests of servers are tried on, into FOLDER. Where that
# fails, the tests that need it say so and fail.
install_supysonic() {
    # Its programs know the folder they were installed into: after that was moved, none of them starts.
    if [ -x "$1/bin/supysonic-server" ] && "$1/bin/pip" --version >/dev/null 2>&1; then return 0; fi
    say "installing supysonic 0.7.9"
    rm -rf "$1"
    python3 -m venv "$1" && "$1/bin/pip" install --quiet --disable-pip-version-check supysonic==0.7.9 waitress==3.0.2 ||
        say "supysonic could not be installed – check the network; the tests that need it will fail"
}

# fetch_nginx FOLDER: unpacks nginx, a web server that tests of downloads are tried on, into FOLDER. Installing the package
# would start it for the whole network.
fetch_nginx() {
    [ ! -x "$1/usr/sbin/nginx" ] || return 0
    say "fetching nginx"
    rm -rf "$1" && mkdir -p "$1"
    refresh_lists
    (cd "$1" && apt-get download -qq nginx 2>/dev/null && dpkg-deb -x nginx_*.deb . && usr/sbin/nginx -v 2>/dev/null) ||
        say "nginx could not be fetched – check the network; the tests that need it will fail"
}

# install_prism FOLDER: puts Stoplight Prism, which judges answers by a schema, into FOLDER and its path into
# prism_program. Fails, and says so, where there is no Node.js to run it.
install_prism() {
    prism_program=$1/node_modules/.bin/prism
    [ ! -x "$prism_program" ] || return 0
    if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
        say "Node.js (18.20 or newer) or npm is not installed, so the account is not checked against Spotify's schema"
        return 1
    fi
    say "installing @stoplight/prism-cli 5.14.2"
    mkdir -p "$1"
    npm install --prefix "$1" --no-save --no-audit --no-fund --silent @stoplight/prism-cli@5.14.2 >/dev/null || {
        say "npm could not install it, so the account is not checked against Spotify's schema"
        return 1
    }
}
