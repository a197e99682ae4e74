fn main() {
    kring_words::build();
}
