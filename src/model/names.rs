//! One table per enum: its variants and their names in tables, flags and JSON.

/// Gives an enum `ALL`, `name()` and `of_name()` from one list of variants and names.
macro_rules! names {
    ($kind:ident { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $kind {
            pub const ALL: &'static [$kind] = &[$($kind::$variant),+];

            /// The name used in tables, flags and JSON.
            pub fn name(self) -> &'static str {
                match self {
                    $($kind::$variant => $name),+
                }
            }

            /// The variant called `name`; `None` where there is none.
            pub fn of_name(name: &str) -> Option<$kind> {
                match name {
                    $($name => Some($kind::$variant),)+
                    _ => None,
                }
            }
        }
    };
}
