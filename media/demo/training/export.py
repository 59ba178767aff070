"""Writes the model as GGUF (qwen3moe, F16). Usage: python3 export.py WORK_FOLDER OUT.gguf

The format is written here by hand: it is short, and gguf-py is not in Debian. See llama.cpp's docs on GGUF (version 3).
"""
import struct
import sys

import numpy as np
import torch

from batches import EXPERTS, LAYERS, TOP_K
from model import D, EPS, FF, HEAD, HEADS, KV_HEADS, THETA
from tokenizer import Tokenizer

U32, F32, BOOL, STRING, ARRAY, I32 = 4, 6, 7, 8, 9, 5
PACK = {U32: "<I", F32: "<f", BOOL: "<?", I32: "<i"}
ALIGN = 32
TEMPLATE = ("{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
            "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")


def text(value):
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def value(kind, v):
    if kind == STRING:
        return text(v)
    if isinstance(kind, tuple):  # (ARRAY, element kind)
        return struct.pack("<IQ", kind[1], len(v)) + b"".join(value(kind[1], x) for x in v)
    return struct.pack(PACK[kind], v)


def tokens(tokenizer):
    """Pieces, scores and llama.cpp's token types (1 normal, 2 unknown, 3 control, 4 user-defined, 6 byte)."""
    sp = tokenizer.sp
    kinds = [2 if sp.is_unknown(i) else 3 if sp.is_control(i) else 6 if sp.is_byte(i) else 4 if sp.id_to_piece(i) == "\n" else 1
             for i in range(tokenizer.size)]
    return [sp.id_to_piece(i) for i in range(tokenizer.size)], [sp.get_score(i) for i in range(tokenizer.size)], kinds


def metadata(tokenizer):
    pieces, scores, kinds = tokens(tokenizer)
    a, t = "qwen3moe.", "tokenizer."
    return [
        ("general.architecture", STRING, "qwen3moe"), ("general.name", STRING, "SteerMoE demo"), ("general.file_type", U32, 1),
        ("general.license", STRING, "mit"),
        (a + "block_count", U32, LAYERS), (a + "context_length", U32, 512), (a + "embedding_length", U32, D),
        (a + "feed_forward_length", U32, FF), (a + "attention.head_count", U32, HEADS),
        (a + "attention.head_count_kv", U32, KV_HEADS), (a + "attention.key_length", U32, HEAD),
        (a + "attention.value_length", U32, HEAD), (a + "attention.layer_norm_rms_epsilon", F32, EPS),
        (a + "rope.freq_base", F32, THETA), (a + "expert_count", U32, EXPERTS), (a + "expert_used_count", U32, TOP_K),
        (a + "expert_feed_forward_length", U32, FF), (a + "vocab_size", U32, tokenizer.size),
        (t + "ggml.model", STRING, "llama"), (t + "ggml.tokens", (ARRAY, STRING), pieces),
        (t + "ggml.scores", (ARRAY, F32), scores), (t + "ggml.token_type", (ARRAY, I32), kinds),
        (t + "ggml.unknown_token_id", U32, 0), (t + "ggml.bos_token_id", U32, tokenizer.start),
        (t + "ggml.eos_token_id", U32, tokenizer.end), (t + "ggml.eot_token_id", U32, tokenizer.end),
        (t + "ggml.add_bos_token", BOOL, False), (t + "ggml.add_eos_token", BOOL, False),
        (t + "ggml.add_space_prefix", BOOL, False), (t + "chat_template", STRING, TEMPLATE)]


def tensors(w):
    """(name, array); matrices with one row per output, as llama.cpp wants them."""
    half = lambda x: np.ascontiguousarray(x, dtype=np.float16)  # noqa: E731
    full = lambda x: np.ascontiguousarray(x, dtype=np.float32)  # noqa: E731
    w = {k: v.numpy() for k, v in w.items()}
    yield "token_embd.weight", half(w["embed"])
    yield "output_norm.weight", full(w["norm"])
    for i in range(LAYERS):
        of, b = (lambda name: w[f"layers.{i}.{name}"]), f"blk.{i}."  # noqa: B023
        q, k, v = np.split(of("qkv").T, [HEADS * HEAD, (HEADS + KV_HEADS) * HEAD])
        into = of("w_in").transpose(0, 2, 1)
        yield b + "attn_norm.weight", full(of("attn_norm"))
        yield b + "attn_q.weight", half(q)
        yield b + "attn_k.weight", half(k)
        yield b + "attn_v.weight", half(v)
        yield b + "attn_q_norm.weight", full(of("q_norm"))
        yield b + "attn_k_norm.weight", full(of("k_norm"))
        yield b + "attn_output.weight", half(of("out").T)
        yield b + "ffn_norm.weight", full(of("ffn_norm"))
        yield b + "ffn_gate_inp.weight", full(of("router").T)
        yield b + "ffn_gate_exps.weight", half(into[:, :FF])
        yield b + "ffn_up_exps.weight", half(into[:, FF:])
        yield b + "ffn_down_exps.weight", half(of("w_out").transpose(0, 2, 1))


def write(path, pairs, arrays):
    head = b"GGUF" + struct.pack("<IQQ", 3, len(arrays), len(pairs))
    for key, kind, v in pairs:
        head += text(key) + struct.pack("<I", ARRAY if isinstance(kind, tuple) else kind) + value(kind, v)
    at, body = 0, []
    for name, array in arrays:
        shape = array.shape[::-1]
        head += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, int(array.dtype == np.float16), at)
        raw = array.tobytes()
        raw += b"\0" * (-len(raw) % ALIGN)
        body.append(raw)
        at += len(raw)
    with open(path, "wb") as file:
        file.write(head + b"\0" * (-len(head) % ALIGN))
        file.writelines(body)


if __name__ == "__main__":
    folder, out = sys.argv[1:3]
    state = torch.load(f"{folder}/model.pt", map_location="cpu")
    write(out, metadata(Tokenizer(f"{folder}/tokenizer")), list(tensors(state)))
