//! Where pages and tables come from: folders, revisions, and whole histories of repositories.

mod git;
mod history;
mod pages;
mod repository;
mod sides;
mod store;
mod update;
mod walk;

pub use history::{History, Wish};
pub use repository::Repositories;
pub use sides::{Sides, revision_of};
pub use update::{Plan, UpdateOptions};
