//! Compiles the schema of `config.pbtxt` into a descriptor that the program carries, so that a
//! fault in the schema stops the build and not the start.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto/model_config.proto");
    let descriptor = protox::Compiler::new(["proto"])?
        .open_file("model_config.proto")?
        .encode_file_descriptor_set();
    let target = Path::new(&std::env::var("OUT_DIR")?).join("model_config.bin");
    std::fs::write(target, descriptor)?;
    Ok(())
}
