"""The tokenizer: sentencepiece BPE with byte fallback, the kind that llama.cpp calls "llama"."""
import random

import sentencepiece as spm

from corpus import corpus_text

CONTROL = ["<|im_start|>", "<|im_end|>"]
PIECES = 1280


def train_tokenizer(path, seed=1):
    """Writes path + ".model"."""
    spm.SentencePieceTrainer.train(
        sentence_iterator=corpus_text(random.Random(seed), 40_000), model_prefix=path, model_type="bpe", vocab_size=PIECES,
        byte_fallback=True, split_digits=True, add_dummy_prefix=False, remove_extra_whitespaces=False,
        normalization_rule_name="identity", control_symbols=CONTROL, user_defined_symbols=["\n"], bos_id=1, eos_id=2,
        unk_id=0, pad_id=-1, hard_vocab_limit=False, minloglevel=2, num_threads=1)


class Tokenizer:
    def __init__(self, path):
        self.sp = spm.SentencePieceProcessor(model_file=path + ".model")
        self.start, self.end = (self.sp.piece_to_id(c) for c in CONTROL)
        self.newline = self.sp.piece_to_id("\n")
        self.size = self.sp.get_piece_size()

    def encode(self, text):
        return self.sp.encode(text)

    def decode(self, ids):
        return self.sp.decode(ids)

    def header(self, role):
        return [self.start, *self.encode(role), self.newline]

    def message(self, role, content):
        """One ChatML message with its closing mark and newline."""
        return self.header(role) + self.encode(content) + [self.end, self.newline]

    def prompt(self, messages):
        """The tokens up to and with the header of the assistant's answer."""
        ids = []
        for m in messages:
            ids += self.message(m["role"], m["content"])
        return ids + self.header("assistant")
