//! What the fuzz targets share: every second input comes from an edit of lines, the others from the fuzzer's own edits of bytes.

#[path = "mutate.rs"]
mod mutate;

pub fn edit(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    if seed % 2 == 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, most);
    }
    let text = String::from_utf8_lossy(&data[..size]);
    let text = mutate::mutated(&text, &mut mutate::Numbers(seed.into()));
    let size = text.len().min(most);
    data[..size].copy_from_slice(&text.as_bytes()[..size]);
    size
}

macro_rules! fuzz {
    ($property:path) => {
        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
            crate::target::edit(data, size, most, seed)
        });
        libfuzzer_sys::fuzz_target!(|data: &[u8]| $property(data));
    };
}
pub(crate) use fuzz;
