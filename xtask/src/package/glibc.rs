//! Which glibc a binary asks for.

/// The newest version that is named in the binary, as (major, minor); (0, 0) where it links no glibc.
///
/// An ELF file names each version that it needs as a zero-terminated string, `GLIBC_2.34`. They are looked for in the
/// whole file: a text that looks like one by chance could make this stricter, never laxer.
pub(super) fn needed(binary: &[u8]) -> (u32, u32) {
    const MARK: &[u8] = b"GLIBC_";
    let marks = binary
        .windows(MARK.len())
        .enumerate()
        .filter(|(_, window)| *window == MARK);
    let versions = marks.filter_map(|(start, _)| version(&binary[start + MARK.len()..]));
    versions.max().unwrap_or_default()
}

/// `2.34` or `2.2.5`, up to the zero byte.
fn version(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = bytes.split(|byte| *byte == 0).next()?;
    let mut numbers = std::str::from_utf8(text)
        .ok()?
        .split('.')
        .map(str::parse::<u32>);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::needed;

    #[test]
    fn the_newest_version_counts() {
        let binary = b"\x7fELF..\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.17\0..";
        assert_eq!(needed(binary), (2, 34));
    }

    #[test]
    fn a_static_binary_needs_none() {
        assert_eq!(needed(b"\x7fELF.. GLIBC_PRIVATE\0GLIBC_\0"), (0, 0));
    }
}
