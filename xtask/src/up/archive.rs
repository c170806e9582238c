//! A function's package: a zip with one executable file in it, the same bytes for the same program.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

use anyhow::{Context as _, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// How a package is packed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Packing {
    /// At once: for an emulator on the same machine.
    Stored,
    /// As small as it gets: a cold start fetches every byte.
    Smallest,
}

/// Writes `binary` as the executable file `bootstrap`.
pub(crate) fn write_bootstrap(package: &Path, binary: &[u8], packing: Packing) -> Result<()> {
    let file =
        File::create(package).with_context(|| format!("cannot write {}", package.display()))?;
    pack(file, binary, packing).with_context(|| format!("cannot write {}", package.display()))
}

fn pack(package: impl Write + Seek, binary: &[u8], packing: Packing) -> Result<()> {
    let (method, level) = match packing {
        Packing::Stored => (CompressionMethod::Stored, None),
        Packing::Smallest => (CompressionMethod::Deflated, Some(9)),
    };
    let options = SimpleFileOptions::default()
        .compression_method(method)
        .compression_level(level)
        // One moment and one mode for ever: a package differs only where the program does.
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut zip = ZipWriter::new(package);
    zip.start_file("bootstrap", options)?;
    zip.write_all(binary)?;
    zip.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn packed(binary: &[u8], packing: Packing) -> Vec<u8> {
        let mut package = Cursor::new(Vec::new());
        pack(&mut package, binary, packing).expect("memory takes every byte");
        package.into_inner()
    }

    #[test]
    fn the_same_program_makes_the_same_package() {
        for packing in [Packing::Stored, Packing::Smallest] {
            assert_eq!(packed(b"program", packing), packed(b"program", packing));
            assert_ne!(packed(b"program", packing), packed(b"another", packing));
        }
    }

    #[test]
    fn a_package_is_one_executable_file_named_bootstrap() {
        let package = packed(&[7; 10_000], Packing::Smallest);
        assert!(package.len() < 1_000, "{} bytes", package.len());
        let mut package = zip::ZipArchive::new(Cursor::new(package)).expect("it is a zip");
        assert_eq!(package.len(), 1);
        let file = package.by_index(0).expect("it holds a file");
        assert_eq!(file.name().expect("it has a name"), "bootstrap");
        assert_eq!(file.unix_mode(), Some(0o100_755));
    }
}
