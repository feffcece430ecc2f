use wirecodes_codegen::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let files = Files::from_folder(a[1].as_ref()).expect("folder");
    let (r, d) = load(&files);
    print!("{}", render_diagnostics(&d, 100));
    let Some(r) = r else { std::process::exit(1) };
    let mut tree = render(&r);
    tree.append(render_reference(&r));
    for d in sync(&tree, a[2].as_ref(), Mode::Write, Owner::Whole).unwrap() {
        println!("{}", d.path);
    }
}
