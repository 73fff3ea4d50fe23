//! Which fields Drive's answers have, after the discovery document of Drive v3.

use super::fields::Shape::{self, Leaf, Map, Object};

const USER: Shape = Object(&[
    ("displayName", Leaf),
    ("emailAddress", Leaf),
    ("kind", Leaf),
    ("me", Leaf),
    ("permissionId", Leaf),
    ("photoLink", Leaf),
]);

const PERMISSION: Shape = Object(&[
    ("allowFileDiscovery", Leaf),
    ("deleted", Leaf),
    ("displayName", Leaf),
    ("domain", Leaf),
    ("emailAddress", Leaf),
    ("expirationTime", Leaf),
    ("id", Leaf),
    ("kind", Leaf),
    ("pendingOwner", Leaf),
    ("permissionDetails", Map),
    ("photoLink", Leaf),
    ("role", Leaf),
    ("type", Leaf),
    ("view", Leaf),
]);

const CAPABILITIES: Shape = Object(&[
    ("canAcceptOwnership", Leaf),
    ("canAddChildren", Leaf),
    ("canAddFolderFromAnotherDrive", Leaf),
    ("canAddMyDriveParent", Leaf),
    ("canChangeCopyRequiresWriterPermission", Leaf),
    ("canChangeSecurityUpdateEnabled", Leaf),
    ("canChangeViewersCanCopyContent", Leaf),
    ("canComment", Leaf),
    ("canCopy", Leaf),
    ("canDelete", Leaf),
    ("canDeleteChildren", Leaf),
    ("canDownload", Leaf),
    ("canEdit", Leaf),
    ("canListChildren", Leaf),
    ("canModifyContent", Leaf),
    ("canModifyContentRestriction", Leaf),
    ("canModifyLabels", Leaf),
    ("canMoveChildrenOutOfDrive", Leaf),
    ("canMoveChildrenWithinDrive", Leaf),
    ("canMoveItemOutOfDrive", Leaf),
    ("canMoveItemWithinDrive", Leaf),
    ("canReadDrive", Leaf),
    ("canReadLabels", Leaf),
    ("canReadRevisions", Leaf),
    ("canRemoveChildren", Leaf),
    ("canRemoveMyDriveParent", Leaf),
    ("canRename", Leaf),
    ("canShare", Leaf),
    ("canTrash", Leaf),
    ("canTrashChildren", Leaf),
    ("canUntrash", Leaf),
]);

const IMAGE: Shape = Object(&[
    ("aperture", Leaf),
    ("cameraMake", Leaf),
    ("cameraModel", Leaf),
    ("colorSpace", Leaf),
    ("exposureBias", Leaf),
    ("exposureMode", Leaf),
    ("exposureTime", Leaf),
    ("flashUsed", Leaf),
    ("focalLength", Leaf),
    ("height", Leaf),
    ("isoSpeed", Leaf),
    ("lens", Leaf),
    ("location", Object(&[("altitude", Leaf), ("latitude", Leaf), ("longitude", Leaf)])),
    ("maxApertureValue", Leaf),
    ("meteringMode", Leaf),
    ("rotation", Leaf),
    ("sensor", Leaf),
    ("subjectDistance", Leaf),
    ("time", Leaf),
    ("whiteBalance", Leaf),
    ("width", Leaf),
]);

/// The fields of a file. `FILE_FIELDS` says which of them the sandbox fills.
pub(super) const FILE: Shape = Object(FILE_FIELDS);

/// All fields of a file that there are, by their names.
pub(super) const FILE_FIELDS: &[(&str, Shape)] = &[
    ("appProperties", Map),
    ("capabilities", CAPABILITIES),
    ("clientEncryptionDetails", Map),
    ("contentHints", Map),
    ("contentRestrictions", Map),
    ("copyRequiresWriterPermission", Leaf),
    ("createdTime", Leaf),
    ("description", Leaf),
    ("downloadRestrictions", Map),
    ("driveId", Leaf),
    ("explicitlyTrashed", Leaf),
    ("exportLinks", Map),
    ("fileExtension", Leaf),
    ("folderColorRgb", Leaf),
    ("fullFileExtension", Leaf),
    ("hasAugmentedPermissions", Leaf),
    ("hasThumbnail", Leaf),
    ("headRevisionId", Leaf),
    ("iconLink", Leaf),
    ("id", Leaf),
    ("imageMediaMetadata", IMAGE),
    ("inheritedPermissionsDisabled", Leaf),
    ("isAppAuthorized", Leaf),
    ("kind", Leaf),
    ("labelInfo", Map),
    ("lastModifyingUser", USER),
    ("linkShareMetadata", Map),
    ("md5Checksum", Leaf),
    ("mimeType", Leaf),
    ("modifiedByMe", Leaf),
    ("modifiedByMeTime", Leaf),
    ("modifiedTime", Leaf),
    ("name", Leaf),
    ("originalFilename", Leaf),
    ("ownedByMe", Leaf),
    ("owners", USER),
    ("parents", Leaf),
    ("permissionIds", Leaf),
    ("permissions", PERMISSION),
    ("properties", Map),
    ("quotaBytesUsed", Leaf),
    ("resourceKey", Leaf),
    ("sha1Checksum", Leaf),
    ("sha256Checksum", Leaf),
    ("shared", Leaf),
    ("sharedWithMeTime", Leaf),
    ("sharingUser", USER),
    (
        "shortcutDetails",
        Object(&[("targetId", Leaf), ("targetMimeType", Leaf), ("targetResourceKey", Leaf)]),
    ),
    ("size", Leaf),
    ("spaces", Leaf),
    ("starred", Leaf),
    ("teamDriveId", Leaf),
    ("thumbnailLink", Leaf),
    ("thumbnailVersion", Leaf),
    ("trashed", Leaf),
    ("trashedTime", Leaf),
    ("trashingUser", USER),
    ("version", Leaf),
    ("videoMediaMetadata", Object(&[("durationMillis", Leaf), ("height", Leaf), ("width", Leaf)])),
    ("viewedByMe", Leaf),
    ("viewedByMeTime", Leaf),
    ("viewersCanCopyContent", Leaf),
    ("webContentLink", Leaf),
    ("webViewLink", Leaf),
    ("writersCanShare", Leaf),
];

const DRIVE: Shape = Object(&[
    ("backgroundImageFile", Map),
    ("backgroundImageLink", Leaf),
    ("capabilities", Map),
    ("colorRgb", Leaf),
    ("createdTime", Leaf),
    ("hidden", Leaf),
    ("id", Leaf),
    ("kind", Leaf),
    ("name", Leaf),
    ("orgUnitId", Leaf),
    ("restrictions", Map),
    ("themeId", Leaf),
]);

/// What files.list answers.
pub(super) const FILE_LIST: Shape =
    Object(&[("files", FILE), ("incompleteSearch", Leaf), ("kind", Leaf), ("nextPageToken", Leaf)]);

/// What changes.list answers.
pub(super) const CHANGE_LIST: Shape = Object(&[
    (
        "changes",
        Object(&[
            ("changeType", Leaf),
            ("drive", DRIVE),
            ("driveId", Leaf),
            ("file", FILE),
            ("fileId", Leaf),
            ("kind", Leaf),
            ("removed", Leaf),
            ("teamDrive", Map),
            ("teamDriveId", Leaf),
            ("time", Leaf),
            ("type", Leaf),
        ]),
    ),
    ("kind", Leaf),
    ("newStartPageToken", Leaf),
    ("nextPageToken", Leaf),
]);

/// What changes.getStartPageToken answers.
pub(super) const START_TOKEN: Shape = Object(&[("kind", Leaf), ("startPageToken", Leaf)]);

/// What drives.list answers.
pub(super) const DRIVE_LIST: Shape =
    Object(&[("drives", DRIVE), ("kind", Leaf), ("nextPageToken", Leaf)]);

/// What about.get answers.
pub(super) const ABOUT: Shape = Object(&[
    ("appInstalled", Leaf),
    ("canCreateDrives", Leaf),
    ("canCreateTeamDrives", Leaf),
    ("driveThemes", Map),
    ("exportFormats", Map),
    ("folderColorPalette", Leaf),
    ("importFormats", Map),
    ("kind", Leaf),
    ("maxImportSizes", Map),
    ("maxUploadSize", Leaf),
    (
        "storageQuota",
        Object(&[
            ("limit", Leaf),
            ("usage", Leaf),
            ("usageInDrive", Leaf),
            ("usageInDriveTrash", Leaf),
        ]),
    ),
    ("teamDriveThemes", Map),
    ("user", USER),
]);
