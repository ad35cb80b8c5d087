//! What can go wrong in a use case, and the way out.

use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The request makes no sense as it stands.
    #[error("{what}")]
    Usage { what: String, hint: String },
    /// Nothing fits.
    #[error("{what}")]
    NotFound { what: String, hint: String },
    /// A file could not be read or written.
    #[error("{what}")]
    File { what: String, hint: String },
}

impl AppError {
    pub fn hint(&self) -> String {
        match self {
            AppError::Store(error) => error.hint(),
            AppError::Usage { hint, .. } | AppError::NotFound { hint, .. } | AppError::File { hint, .. } => {
                hint.clone()
            }
        }
    }

    pub fn usage(what: impl Into<String>, hint: impl Into<String>) -> Self {
        AppError::Usage { what: what.into(), hint: hint.into() }
    }

    pub fn not_found(what: impl Into<String>, hint: impl Into<String>) -> Self {
        AppError::NotFound { what: what.into(), hint: hint.into() }
    }

    pub fn file(what: impl Into<String>, hint: impl Into<String>) -> Self {
        AppError::File { what: what.into(), hint: hint.into() }
    }
}
