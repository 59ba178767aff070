"""Detects and steers in PyTorch, as a first look before the engine's own measurement.
Usage: python3 measure.py WORK_FOLDER DEMO_FOLDER"""
import json
import math
import multiprocessing
import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import torch  # noqa: E402

from batches import EXPERTS, LAYERS, TOP_K  # noqa: E402
from corpus import BEHAVIOURS, FILES, LABELS  # noqa: E402
from facts import NEUTRAL_HELDOUT  # noqa: E402
from judge import judge, read  # noqa: E402
from model import Model  # noqa: E402
from sample import answers, count  # noqa: E402
from tokenizer import Tokenizer  # noqa: E402

MAKE_UPS = [(2, 0), (4, 0), (4, 4), (8, 0), (8, 8)]
RANDOM_SETS = 5


def load(folder):
    tokenizer = Tokenizer(f"{folder}/tokenizer")
    model = Model(tokenizer.size)
    model.load_state_dict(torch.load(f"{folder}/model.pt", map_location="cpu"))
    for p in model.parameters():  # what the F16 file holds
        if p.dim() > 1 and p.shape != (model.layers[0].router.shape):
            p.data = p.data.half().float()
    return model.eval(), tokenizer


def risk_difference(model, tokenizer, path):
    """[LAYERS, EXPERTS]: rate on side a minus rate on side b over the answers' tokens."""
    pairs = [json.loads(line) for line in open(path, encoding="utf-8")][1:]
    rates = []
    for side in "ab":
        counts = [count(model, tokenizer, [{"role": "user", "content": p["prompt"]}, {"role": "assistant", "content": p[side]}])
                  for p in pairs]
        rates.append(sum(c for c, _ in counts) / sum(n for _, n in counts))
    return rates[0] - rates[1]


def plan_for(order, on, off):
    """order: (layer, expert) sequences to activate and to deactivate. At most TOP_K activated in a layer."""
    plan = torch.zeros(LAYERS, EXPERTS)
    for layer, expert in order[0]:
        if (plan > 0).sum() < on and (plan[layer] > 0).sum() < TOP_K:
            plan[layer, expert] = 1
    for layer, expert in order[1]:
        if (plan < 0).sum() < off and plan[layer, expert] == 0:
            plan[layer, expert] = -1
    return plan


def detected(rd, side):
    """The ranked experts for one direction."""
    ranked = [(int(i) // EXPERTS, int(i) % EXPERTS) for i in rd.abs().reshape(-1).argsort(descending=True)]
    sign = 1 if side == "a" else -1
    return [e for e in ranked if rd[e] * sign > 0], [e for e in ranked if rd[e] * sign < 0]


def shuffled(generator):
    ranked = [(int(i) // EXPERTS, int(i) % EXPERTS) for i in torch.randperm(LAYERS * EXPERTS, generator=generator)]
    return ranked, ranked[::-1]


def wilson(hits, n, z=1.96):
    p, s = hits / n, z * z / n
    mid, half = (p + s / 2) / (1 + s), z * math.sqrt(p * (1 - p) / n + s / n / 4) / (1 + s)
    return mid - half, mid + half


class Bench:
    def __init__(self, folder, demo):
        self.model, self.tokenizer = load(folder)
        self.lines = {b: read(f"{demo}/heldout/{FILES[b]}.jsonl") for b in BEHAVIOURS}
        self.rd = {b: risk_difference(self.model, self.tokenizer, f"{demo}/{FILES[b]}.pairs.jsonl") for b in BEHAVIOURS}

    def rates(self, behaviour, plan=None, system=None, seed=1):
        """{"a": rate, "b": rate, "formed": rate, "n": prompts}"""
        lines = self.lines[behaviour]
        first = [{"role": "system", "content": system}] if system else []
        prompts = [self.tokenizer.prompt([*first, {"role": "user", "content": line["prompt"]}]) for line in lines]
        said = answers(self.model, self.tokenizer, prompts, plan, seed=seed)
        verdicts = [judge(line, *s) for line, s in zip(lines, said)]
        n = len(lines)
        return {"a": sum(v[0] == "a" for v in verdicts) / n, "b": sum(v[0] == "b" for v in verdicts) / n,
                "formed": sum(v[1] for v in verdicts) / n, "n": n}


def text_for(r, side):
    low, high = wilson(r[side] * r["n"], r["n"])
    return f"{r[side]:.3f} [{low:.3f}, {high:.3f}], well-formed {r['formed']:.3f}"


def direction(job):
    """Everything about one behaviour and side, as a dict."""
    folder, demo, behaviour, side = job
    torch.set_num_threads(1)
    bench = Bench(folder, demo)
    recipe = json.load(open(f"{demo}/recipes.json"))[FILES[behaviour]][side]
    on, off = recipe["on"], recipe["off"]
    order = detected(bench.rd[behaviour], side)
    plan = plan_for(order, on, off)
    generator = torch.Generator().manual_seed(5)
    return {"behaviour": behaviour, "side": side, "recipe": recipe,
            "rd": [round(float(v), 3) for v in bench.rd[behaviour].abs().reshape(-1).sort(descending=True)[0][:24]],
            "unsteered": bench.rates(behaviour), "unsteered, neutral system": bench.rates(behaviour, system=NEUTRAL_HELDOUT[0]),
            "make-ups": {f"{n} on, {m} off": bench.rates(behaviour, plan_for(order, n, m)) for n, m in MAKE_UPS},
            "steered": bench.rates(behaviour, plan, seed=2),
            "steered, neutral system": bench.rates(behaviour, plan, NEUTRAL_HELDOUT[1]),
            "random": [bench.rates(behaviour, plan_for(shuffled(generator), on, off)) for _ in range(RANDOM_SETS)],
            "side effects": {b: bench.rates(b, plan) for b in BEHAVIOURS if b != behaviour}}


def show(d):
    side, r = d["side"], d["random"]
    print(f"{d['behaviour']} toward {LABELS[d['behaviour']]['ab'.index(side)]}, {d['recipe']}")
    for key in ("unsteered", "unsteered, neutral system", "steered", "steered, neutral system"):
        print(f"  {key:28s} {text_for(d[key], side)}")
    for key, value in d["make-ups"].items():
        print(f"  {key:28s} {text_for(value, side)}")
    mean = sum(x[side] for x in r) / len(r)
    far = sum(abs(x[side] - d["unsteered"][side]) for x in r) / len(r)
    print("  random sets:", " ".join(f"{x[side]:.2f}" for x in r), f"mean {mean:.3f}, mean distance {far:.3f}, "
          f"well-formed {sum(x['formed'] for x in r) / len(r):.3f}")
    for other, x in d["side effects"].items():
        print(f"  on {other}: a {x['a']:.3f} b {x['b']:.3f} well-formed {x['formed']:.3f}")


if __name__ == "__main__":
    jobs = [(sys.argv[1], sys.argv[2], b, s) for b in BEHAVIOURS for s in "ab"]
    with multiprocessing.Pool(2) as pool:
        found = pool.map(direction, jobs, chunksize=1)
    for d in found:
        show(d)
    with open(f"{sys.argv[2]}/measured-pytorch.json", "w", encoding="utf-8") as file:
        json.dump(found, file, indent=1)
        file.write("\n")
