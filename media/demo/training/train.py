"""Trains the demo model. Two processes, one per core. Usage: python3 train.py WORK_FOLDER"""
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
import torch  # noqa: E402
import torch.distributed as dist  # noqa: E402
import torch.multiprocessing as mp  # noqa: E402
import torch.nn.functional as F  # noqa: E402

from batches import Layout, batches, new_rngs  # noqa: E402
from model import Model  # noqa: E402
from tokenizer import Tokenizer, train_tokenizer  # noqa: E402

PROCESSES = 2
TOKENS = 1200          # a step and process
# Phase 1: experts apart, by the tokens' labels. Phase 2: the routers choose, everything learns on at a low rate.
PHASES = [{"steps": int(os.environ.get("STEPS1", 3200)), "lr": 3e-3, "end": .1, "routed": False, "router": .05},
          {"steps": int(os.environ.get("STEPS2", 900)), "lr": 3e-4, "end": .02, "routed": True, "router": .02}]


def rate(phase, step):
    done = step / phase["steps"]
    warm = min(1, (step + 1) / 60)
    return phase["lr"] * warm * (1 if done < .4 else phase["end"] + (1 - phase["end"]) * (1 - done) / .6)


def losses(model, batch, layout, noise, phase):
    t = torch.from_numpy
    labels = t(batch.labels)
    wanted = torch.nonzero(labels >= 0)[:, 0]
    routes = None if phase["routed"] else [t(a) for a in batch.routes(layout, noise)]
    logits, routers = model(t(batch.ids), t(batch.pos), t(batch.row), batch.lengths, routes, wanted)
    answer = F.cross_entropy(logits, labels[wanted])
    target = t(batch.targets(layout))
    known = sum(-(goal * torch.log_softmax(r, -1)).sum(-1).mean() for goal, r in zip(target, routers)) / len(routers)
    zed = sum(torch.logsumexp(r, -1).pow(2).mean() for r in routers) / len(routers)
    return answer, known, answer + phase["router"] * known + 1e-4 * zed


def all_reduce(model):
    flat = torch.cat([p.grad.reshape(-1) for p in model.parameters()])
    dist.all_reduce(flat)
    at = 0
    for p in model.parameters():
        p.grad.copy_(flat[at:at + p.numel()].view_as(p.grad).div_(PROCESSES))
        at += p.numel()


def work(rank, folder, seed):
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{folder}/rendezvous", rank=rank, world_size=PROCESSES)
    tokenizer, layout = Tokenizer(f"{folder}/tokenizer"), Layout()
    torch.manual_seed(seed)
    model = Model(tokenizer.size)
    rng, noise = new_rngs(seed * 1000 + rank)
    source = batches(tokenizer, rng, TOKENS)
    started, seen, waiting = time.time(), 0, 0.
    for number, phase in enumerate(PHASES, 1):
        matrices = [p for p in model.parameters() if p.dim() > 1]
        vectors = [p for p in model.parameters() if p.dim() == 1]
        optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": .05}, {"params": vectors, "weight_decay": 0}],
                                      betas=(.9, .98), foreach=True)
        sums = [0., 0., 0.]
        for step in range(phase["steps"]):
            for g in optimizer.param_groups:
                g["lr"] = rate(phase, step)
            batch = next(source)
            parts = losses(model, batch, layout, noise, phase)
            optimizer.zero_grad(set_to_none=True)
            parts[2].backward()
            before = time.time()
            all_reduce(model)
            waiting += time.time() - before
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.)
            optimizer.step()
            seen += len(batch.ids) * PROCESSES
            sums = [s + float(p) for s, p in zip(sums, parts)]
            if rank == 0 and (step + 1) % 50 == 0:
                print(f"phase {number} step {step + 1}: answers {sums[0] / 50:.4f}, routers {sums[1] / 50:.4f}, "
                      f"{seen / 1e6:.2f} M tokens, {time.time() - started:.0f} s ({waiting:.0f} s waiting)", flush=True)
                sums = [0., 0., 0.]
            if rank == 0 and (step + 1) % 500 == 0:
                torch.save(model.state_dict(), f"{folder}/model.pt")
        if rank == 0:
            torch.save(model.state_dict(), f"{folder}/model.pt")
            torch.save(model.state_dict(), f"{folder}/phase{number}.pt")
    dist.barrier()


if __name__ == "__main__":
    folder = os.path.abspath(sys.argv[1])
    os.makedirs(folder, exist_ok=True)
    if os.path.exists(f"{folder}/rendezvous"):
        os.remove(f"{folder}/rendezvous")
    train_tokenizer(f"{folder}/tokenizer")
    mp.spawn(work, (folder, int(os.environ.get("SEED", 1))), nprocs=PROCESSES)
