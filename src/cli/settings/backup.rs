//! What the main job is to do.

use super::{Error, contradiction, export, narrow, rate, switch};
use crate::cli::args::{self, Backup, Narrow};
use crate::cli::config::{Config, Takeout};
use crate::engine::{Adopt, Albums, Effect, Options, Reach, Removal, Taking};
use crate::plan::{
    AlbumDate, AlbumMode, AlbumStyle, MaxDelete, NameRules, PhotosSelection, Selection,
};

/// Joins what was typed with the config file.
pub fn options(typed: &Backup, config: &Config) -> Result<Options, Error> {
    let reach = match (typed.index_only, typed.skip_index) {
        (true, _) => Reach::IndexOnly,
        (_, true) => Reach::SkipIndex,
        _ => Reach::Whole,
    };
    let skip_drive = switch([typed.skip_drive, typed.off.no_skip_drive], config.skip_drive);
    let skip_photos = skip_photos(typed, config);
    let skip_takeout =
        switch([typed.skip_takeout, typed.off.no_skip_takeout], skip_takeout_by(config));
    let (drive, photos) = (drive(typed, config)?, photos(typed, config)?);
    let albums = albums(typed, config);
    if photos.albums.is_some() && albums.is_none() && !skip_photos {
        return contradiction("--album picks among albums, which --skip-albums leaves alone");
    }
    Ok(Options {
        reach,
        effect: if typed.dry_run { Effect::Told } else { Effect::Done },
        part: is_part(typed, config, (&drive, &photos))?,
        flush: typed.flush_index,
        rescan: switch([typed.rescan, typed.off.no_rescan], config.rescan),
        quick: switch([typed.quick, typed.off.no_quick], config.quick),
        picked: photos.albums.clone(),
        takeout: (!skip_takeout).then(|| photos.clone()),
        exports: Vec::new(),
        reindex_exports: typed.reindex_takeout,
        only_exports: false,
        adopt: None,
        photos: (!skip_photos).then_some(photos),
        // They lead into drive/, where files move in a run without Photos as well.
        albums,
        xmp: is_xmp(typed.look.sidecars.or(config.sidecars)),
        flat: is_flat(typed, config),
        names: names(typed, config),
        removal: removal(typed, config)?,
        drive: (!skip_drive).then_some(drive),
        transfers: transfers(typed.transfers, config.transfers)?,
        daily_requests: daily_requests(typed.daily_requests, config.daily_requests)?,
        bytes_per_second: rate::bytes_per_second(typed, config)?,
    })
}

/// What is left of the main job where only exports are taken in.
pub fn of_exports(options: Options, wish: &args::Takeout) -> Options {
    let takeout = PhotosSelection {
        trashed: wish.include_trashed,
        ..options.photos.clone().or(options.takeout.clone()).unwrap_or_default()
    };
    let is_on_disk = !wish.paths.is_empty();
    Options {
        takeout: Some(takeout),
        // Later runs look for them from elsewhere.
        exports: (wish.paths.iter())
            .map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone()))
            .collect(),
        only_exports: true,
        photos: None,
        // Nothing is asked of Google for what lies on a disk.
        drive: if is_on_disk { None } else { Some(options.drive.unwrap_or_default()) },
        effect: if wish.dry_run { Effect::Told } else { Effect::Done },
        removal: None,
        xmp: wish.sidecars.map_or(options.xmp, |typed| is_xmp(Some(typed))),
        ..options
    }
}

/// What is left of the main job where only a folder is taken over: nothing is asked of Google.
pub fn of_adoption(options: Options, wish: &args::Adopt) -> Options {
    let how = match (wish.move_files, wish.copy) {
        (true, _) => Taking::Move,
        (_, true) => Taking::Copy,
        _ => Taking::Link,
    };
    let (from, albums_from_folders) = (wish.from.clone(), wish.albums_from_folders);
    Options {
        adopt: Some(Adopt { from, how, albums_from_folders }),
        takeout: None,
        only_exports: true,
        photos: None,
        drive: None,
        effect: if wish.dry_run { Effect::Told } else { Effect::Done },
        removal: None,
        ..options
    }
}

/// Says whether what was typed narrows the backup down further than `config.toml` does:
/// that is for this run alone, as far as anybody can know.
fn is_part(
    typed: &Backup,
    config: &Config,
    (with_drive, with_photos): (&Selection, &PhotosSelection),
) -> Result<bool, Error> {
    if !narrow::is_typed(&typed.narrow) && !typed.skip_video {
        return Ok(false);
    }
    let standing = Backup { narrow: Narrow::default(), skip_video: false, ..typed.clone() };
    Ok(*with_drive != drive(&standing, config)? || *with_photos != photos(&standing, config)?)
}

/// `takeout = "skip"` is another way to write `skip-takeout = true`.
fn skip_takeout_by(config: &Config) -> Option<bool> {
    config.skip_takeout.or(config.takeout.map(|takeout| takeout == Takeout::Skip))
}

/// For how many days files stay in the trash, if nobody says otherwise.
const KEEP_DAYS: u32 = 30;

fn removal(typed: &Backup, config: &Config) -> Result<Option<Removal>, Error> {
    let is_wanted = switch([typed.do_delete, typed.off.no_do_delete], config.do_delete);
    let max = match (typed.max_delete, &config.max_delete) {
        (Some(max), _) => max,
        (None, Some(text)) => text
            .to_string()
            .parse()
            .map_err(|error| Error::Contradiction(format!("max-delete in config.toml: {error}")))?,
        (None, None) => MaxDelete::default(),
    };
    let keep_days = typed.keep_deleted.or(config.keep_deleted).unwrap_or(KEEP_DAYS);
    Ok(is_wanted.then_some(Removal { max, keep_days }))
}

/// Says whether Photos is left alone by wish.
pub(super) fn skip_photos(typed: &Backup, config: &Config) -> bool {
    switch([typed.skip_photos, typed.off.no_skip_photos], config.skip_photos)
}

fn drive(typed: &Backup, config: &Config) -> Result<Selection, Error> {
    let off = &typed.off;
    let list = typed.export.clone().or_else(|| config.export.as_ref().map(ToString::to_string));
    Ok(Selection {
        all_files: switch([typed.all_files, off.no_all_files], config.all_files),
        skip_video: skip_video(typed, config),
        shared: switch([typed.shared, off.no_shared], config.shared),
        takeout_archives: switch(
            [typed.takeout_archives, off.no_takeout_archives],
            config.takeout_archives,
        ),
        export: export::formats(list.as_deref().unwrap_or(export::DEFAULT))
            .map_err(Error::Contradiction)?,
        folder: narrow::drive_folder(&typed.narrow, config)?,
        filter: narrow::filter(&typed.narrow, config)?,
    })
}

fn photos(typed: &Backup, config: &Config) -> Result<PhotosSelection, Error> {
    Ok(PhotosSelection {
        skip_video: skip_video(typed, config),
        albums: narrow::album_pick(&typed.narrow, config)?,
        trashed: switch(
            [typed.include_trashed, typed.off.no_include_trashed],
            config.include_trashed,
        ),
        filter: narrow::filter(&typed.narrow, config)?,
    })
}

fn skip_video(typed: &Backup, config: &Config) -> bool {
    switch([typed.skip_video, typed.off.no_skip_video], config.skip_video)
}

fn albums(typed: &Backup, config: &Config) -> Option<Albums> {
    let look = &typed.look;
    let first = [look.album_date_by_first_photo, look.no_album_date_by_first_photo];
    let date = if switch([look.omit_album_date, look.no_omit_album_date], config.omit_album_date) {
        AlbumDate::Omitted
    } else if switch(first, config.album_date_by_first_photo) {
        AlbumDate::First
    } else {
        AlbumDate::Last
    };
    let style = AlbumStyle {
        flat: is_flat(typed, config),
        date,
        unnumbered: switch([look.no_album_sorting, look.album_sorting], config.no_album_sorting),
    };
    let mode = match look.albums.or(config.albums) {
        None | Some(args::Albums::Symlink) => AlbumMode::Symlink,
        Some(args::Albums::Hardlink) => AlbumMode::Hardlink,
        Some(args::Albums::Reflink) => AlbumMode::Reflink,
        Some(args::Albums::Copy) => AlbumMode::Copy,
        Some(args::Albums::None) => AlbumMode::Nothing,
    };
    let skip = switch([look.skip_albums, look.no_skip_albums], config.skip_albums);
    (!skip).then_some(Albums { mode, style })
}

fn is_flat(typed: &Backup, config: &Config) -> bool {
    let look = &typed.look;
    switch([look.use_flat_path, look.no_use_flat_path], config.use_flat_path)
}

fn is_xmp(sidecars: Option<args::Sidecars>) -> bool {
    sidecars == Some(args::Sidecars::Xmp)
}

fn names(typed: &Backup, config: &Config) -> NameRules {
    match typed.look.names.or(config.names) {
        None | Some(args::Names::Posix) => NameRules::Posix,
        Some(args::Names::Portable) => NameRules::Portable,
    }
}

fn transfers(typed: Option<u8>, config: Option<i64>) -> Result<usize, Error> {
    let wanted = typed.map(i64::from).or(config).unwrap_or(64);
    match usize::try_from(wanted) {
        Ok(number @ 1..=128) => Ok(number),
        _ => contradiction(format!("transfers = {wanted} in config.toml: it must be 1 to 128")),
    }
}

fn daily_requests(typed: Option<u32>, config: Option<i64>) -> Result<Option<u64>, Error> {
    let Some(wanted) = typed.map(i64::from).or(config) else { return Ok(None) };
    match u64::try_from(wanted) {
        Ok(number @ 1..) => Ok(Some(number)),
        _ => {
            contradiction(format!("daily-requests = {wanted} in config.toml: it must be 1 or more"))
        }
    }
}
