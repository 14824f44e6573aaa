//! The profiles that ferrotape comes with. A new file needs a line here; a test compares the two.

/// Name and text of each.
pub(super) const BUILT_IN: &[(&str, &str)] = &[
    ("agptek", include_str!("../../profiles/agptek.toml")),
    ("android", include_str!("../../profiles/android.toml")),
    ("astell-kern", include_str!("../../profiles/astell-kern.toml")),
    ("car-ford-sync3", include_str!("../../profiles/car-ford-sync3.toml")),
    ("car-honda", include_str!("../../profiles/car-honda.toml")),
    ("car-jvc", include_str!("../../profiles/car-jvc.toml")),
    ("car-mazda", include_str!("../../profiles/car-mazda.toml")),
    ("car-mitsubishi", include_str!("../../profiles/car-mitsubishi.toml")),
    ("car-renault-medianav", include_str!("../../profiles/car-renault-medianav.toml")),
    ("car-vw-mib", include_str!("../../profiles/car-vw-mib.toml")),
    ("car", include_str!("../../profiles/car.toml")),
    ("echo-mini", include_str!("../../profiles/echo-mini.toml")),
    ("fiio-dap", include_str!("../../profiles/fiio-dap.toml")),
    ("garmin", include_str!("../../profiles/garmin.toml")),
    ("generic", include_str!("../../profiles/generic.toml")),
    ("hiby", include_str!("../../profiles/hiby.toml")),
    ("ipod-apple", include_str!("../../profiles/ipod-apple.toml")),
    ("mp3-cd", include_str!("../../profiles/mp3-cd.toml")),
    ("rockbox-small", include_str!("../../profiles/rockbox-small.toml")),
    ("rockbox", include_str!("../../profiles/rockbox.toml")),
    ("sandisk-clip-sport", include_str!("../../profiles/sandisk-clip-sport.toml")),
    ("sansa-clip", include_str!("../../profiles/sansa-clip.toml")),
    ("shokz-openswim", include_str!("../../profiles/shokz-openswim.toml")),
    ("sony-walkman", include_str!("../../profiles/sony-walkman.toml")),
];
