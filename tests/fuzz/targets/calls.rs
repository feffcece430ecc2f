#![no_main]

#[allow(dead_code)]
#[path = "../properties.rs"]
mod properties;
#[path = "../target.rs"]
mod target;

target::fuzz!(properties::called);
