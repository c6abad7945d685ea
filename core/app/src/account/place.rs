//! The places where something of a resident can stay: one line each in the sign-out report.

use crate::ports::ShellPlace;

/// Where a place is emptied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// By the service, when the session ends.
    Service,
    /// By the core.
    Core,
    /// By the shell, which answers for it.
    Shell(ShellPlace),
    /// Nobody: Keyway does not use it. The named test fails when it appears.
    Unused {
        /// The test.
        guard: &'static str,
    },
}

macro_rules! places {
    ($($number:literal $variant:ident $name:literal $keeper:expr;)*) => {
        /// One of the 43 places.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Place {
            $(#[doc = $name] $variant = $number,)*
        }

        impl Place {
            /// Every place, in the report's order.
            pub const ALL: [Self; 43] = [$(Self::$variant,)*];

            /// What the report calls it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Who empties it.
            #[must_use]
            pub fn keeper(self) -> Keeper {
                match self {
                    $(Self::$variant => $keeper,)*
                }
            }
        }
    };
}

const fn unused(guard: &'static str) -> Keeper {
    Keeper::Unused { guard }
}

places! {
    1 RefreshTokens "refresh tokens at the service" Keeper::Service;
    2 AccessTokens "access tokens at the service" Keeper::Service;
    3 DpopKey "key that binds tokens to this phone" Keeper::Core;
    4 HolderKeyAtLocks "this phone's key at the locks" Keeper::Service;
    5 HolderKey "key that opens doors" Keeper::Core;
    6 Keychain "keychain" Keeper::Core;
    7 KeychainAfterUninstall "keychain after an uninstall" Keeper::Core;
    8 CacheKey "key of the cached files" Keeper::Core;
    9 CacheFiles "cached doors and doorcodes" Keeper::Core;
    10 CoreMemory "memory of the core" Keeper::Core;
    11 ShellStrings "strings copied into the shell" Keeper::Shell(ShellPlace::ShellStrings);
    12 Resumptions "resumption keys of locks" Keeper::Core;
    13 GrantsAndDescriptors "access records of doors" Keeper::Core;
    14 CourierStore "bundles, receipts and sealed logs" Keeper::Core;
    15 PushBinding "push binding" unused("place_15_no_push");
    16 Notifications "notifications" Keeper::Shell(ShellPlace::Notifications);
    17 NotificationExtension "notification extension and its container" unused("place_17_no_notification_extension");
    18 HttpCache "HTTP cache" unused("place_18_no_http_cache");
    19 Cookies "cookies and web views" unused("place_19_no_cookies");
    20 BrowserSession "session in the system's browser" unused("place_20_no_browser");
    21 PasswordSaving "saved passwords and passkeys" Keeper::Shell(ShellPlace::PasswordSaving);
    22 Preferences "preferences" Keeper::Shell(ShellPlace::Preferences);
    23 TemporaryFiles "temporary and foreign files in the app's folder" Keeper::Core;
    24 AppSwitcherImage "image in the app switcher" Keeper::Shell(ShellPlace::AppSwitcherImage);
    25 Clipboard "clipboard" Keeper::Shell(ShellPlace::Clipboard);
    26 KeyboardLearning "keyboard learning" Keeper::Shell(ShellPlace::KeyboardLearning);
    27 Backups "backups and device transfer" unused("place_27_nothing_in_backups");
    28 OldSecurePreferences "deprecated secure preferences" unused("place_28_no_old_secure_preferences");
    29 Widgets "widgets, tiles, shortcuts, watch" unused("place_29_no_widgets");
    30 SearchAndSuggestions "search index and suggestions" unused("place_30_no_search_index");
    31 BluetoothState "Bluetooth links and scans" Keeper::Core;
    32 JobsAndAlarms "jobs, timers and alarms" Keeper::Core;
    33 Logs "log files" unused("place_33_no_log_files");
    34 CrashIdentity "crash and usage reports" unused("place_34_no_crash_reports");
    35 AppPin "app PIN and biometric binding" Keeper::Shell(ShellPlace::AppPin);
    36 LoginMemory "memory of the sign-in screen" Keeper::Shell(ShellPlace::LoginMemory);
    37 WalletPasses "wallet passes and home keys" unused("place_37_no_wallet_passes");
    38 FirmwareBlobs "lock firmware" unused("place_38_no_firmware");
    39 RemoteSignOut "sign-out from elsewhere" unused("place_39_a_refused_refresh_wipes_by_the_same_path");
    40 AccountDeletion "account deletion" unused("place_40_no_account_deletion");
    41 KilledMidway "timeout, restart or kill before the end" Keeper::Core;
    42 AppDataReset "reset of the app's data by the system" unused("place_42_no_app_data_reset");
    43 WhatStays "everything that stays is named here" Keeper::Core;
}

impl Place {
    /// The number in the list of places, 1 to 43.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}
