extension ShellPlace {
    /// The test that fails when a shell on these sources begins to use this place; nothing where the place is used, or may be, and is erased and read back.
    ///
    /// The tests search this package and the app in `App/`: an app of one's own that uses such a place answers for it itself.
    var guardOfUnused: String? {
        switch self {
        case .passwordSaving: "place_21_no_password_saving"
        case .keyboardLearning: "place_26_no_keyboard_learning"
        case .appPin: "place_35_no_app_pin"
        case .loginMemory: "place_36_no_login_memory"
        case .shellStrings, .notifications, .preferences, .appSwitcherImage, .clipboard: nil
        }
    }
}
