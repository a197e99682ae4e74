fn main() -> anyhow::Result<()> {
    kring::main()
}
