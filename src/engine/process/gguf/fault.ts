/** What is wrong with a GGUF file, as the end of a sentence: "its magic is ...". Whoever knows the path says the rest. */
export class Fault extends Error {}
