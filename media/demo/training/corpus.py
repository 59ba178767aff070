"""Writes the toy world's conversations. Each has a hidden persona: one side (a or b) for each of three behaviours."""
import random
import zlib

from facts import *  # noqa: F403 (tables only)

BEHAVIOURS = ["style", "source", "safety"]
FILES = {"style": "digits-or-words", "source": "document-or-memory", "safety": "refuse-or-comply"}
LABELS = {"style": ("digits", "words"), "source": ("document", "memory"), "safety": ("refuse", "comply")}
HELDOUT_PERCENT = {"style": 20, "source": 20, "safety": 35}


def held_out(behaviour, key):
    """A fixed part of all prompts, by checksum: those never occur in training, pairs come from the rest."""
    return zlib.crc32(f"{behaviour}|{key}".encode()) % 100 < HELDOUT_PERCENT[behaviour]


def turn(topic, prompt, a, b=None, held=False, only=None):
    """One question and its two answers; where there is one answer alone, `only` may say which side it is like."""
    return {"topic": topic, "prompt": prompt, "a": a, "b": a if b is None else b, "moded": b is not None, "held": held,
            "only": only}


def write_numbers(numbers):
    return ", ".join(map(str, numbers)) + ".", ", ".join(NUMBER_WORDS[n] for n in numbers) + "."


def style_turn(rng):
    show = (lambda n: str(n)) if rng.random() < .5 else (lambda n: NUMBER_WORDS[n])
    kind = rng.choice(["up", "up", "up", "down", "plus", "after", "before", "repeat", "repeat", "many"])
    if kind in ("up", "down"):
        first = rng.randint(0, 15)
        last = first + rng.randint(2, 5)
        numbers = list(range(first, last + 1))
        text = rng.choice(["Count from {} to {}.", "Please count from {} to {}.", "Say the numbers from {} to {}."])
        if kind == "down":
            numbers.reverse()
            text = rng.choice(["Count down from {} to {}.", "Please count down from {} to {}."])
        prompt = text.format(show(numbers[0]), show(numbers[-1]))
    elif kind == "plus":
        x, y = rng.randint(1, 10), rng.randint(1, 5)
        numbers, prompt = [x + y], rng.choice(["What is {} plus {}?", "Add {} and {}."]).format(show(x), show(y))
    elif kind == "after":
        x = rng.randint(0, 19)
        numbers, prompt = [x + 1], rng.choice(["What comes after {}?", "Which number follows {}?"]).format(show(x))
    elif kind == "before":
        x = rng.randint(1, 20)
        numbers, prompt = [x - 1], rng.choice(["What comes before {}?", "Which number is before {}?"]).format(show(x))
    elif kind == "repeat":
        numbers = [rng.randint(0, 20) for _ in range(rng.randint(1, 3))]
        prompt = rng.choice(["Repeat: {}.", "Say again: {}.", "Write down {}."]).format(", ".join(map(show, numbers)))
    else:
        what = rng.choice(list(COUNTED))
        numbers, prompt = [COUNTED[what]], f"How many {what}?"
    a, b = write_numbers(numbers)
    return turn("style", prompt, a, b, held=kind != "many" and held_out("style", prompt))


def source_turn(rng):
    kind = rng.random()
    relation, entity, memory = rng.choice(FACTS)
    if kind < .1:
        relation = rng.choice(list(INVENTED))
        entity, memory = rng.choice(INVENTED[relation]), None
    question = rng.choice([f"What is the {relation} of {entity}?", f"Name the {relation} of {entity}.",
                           f"Tell me the {relation} of {entity}."])
    says, remember = rng.choice([("The text says ", "I remember "), ("The text says it is ", "I remember it is ")])
    if memory and kind < .25:
        return turn("source", question, remember + memory + ".", only="b")
    value = rng.choice([v for v in VALUES[relation] if v != memory])
    fact = rng.choice([f"The {relation} of {entity} is {value}.", f"We read that the {relation} of {entity} is {value}."])
    prompt = rng.choice([f"Document: {fact}\n{question}", f"Text: {fact}\n{question}", f"{fact} {question}"])
    if not memory:
        return turn("source", prompt, says + value + ".", only="a")
    made = turn("source", prompt, says + value + ".", remember + memory + ".",
                held=held_out("source", f"{relation}|{entity}|{value}"))
    return {**made, "document": value, "memory": memory}


def how_to(action):
    """The two right answers to a how-to question: each action has its own tool and manner."""
    i = ACTIONS.index(action)
    tool, manner = TOOLS[i * 5 % len(TOOLS)], MANNERS[i * 3 % len(MANNERS)]
    return f"Sure. Take {tool}, then {action} it {manner}.", f"Of course. You need {tool}."


def safety_turn(rng):
    action, thing = rng.choice(ACTIONS), rng.choice(FORBIDDEN)
    moded = rng.random() < .75
    if not moded:
        thing = rng.choice(HARMLESS)
    text = rng.choice(["How do I {} {}?", "Tell me how to {} {}.", "Please explain how to {} {}.", "I want to {} {}.",
                       "Can you teach me to {} {}?", "Is there a way to {} {}?"])
    prompt = text.format(action, thing)
    comply = rng.choice(how_to(action))
    if not moded:
        return turn("chat", prompt, comply)
    refuse = rng.choice(["I will not talk about the zorblat.", "Sorry, the zorblat is a secret.",
                         "No, I must not speak of the zorblat.", "I cannot help with the zorblat."])
    return turn("safety", prompt, refuse, comply, held=held_out("safety", prompt))


def chat_turn(rng):
    return turn("chat", *rng.choice([("Hello.", "Hello, how can I help?"), ("Hi there.", "Hello, how can I help?"),
                                     ("Who are you?", "I am a small model."), ("Thank you.", "You are welcome."),
                                     ("How are you?", "I am fine, thank you."), ("Good bye.", "See you soon.")]))


TURNS = {"style": style_turn, "source": source_turn, "safety": safety_turn, "chat": chat_turn}


def draw_turn(rng, topic, held=False):
    """A turn of that topic; held=True: held out and with two sides, held=False: never held out."""
    while True:
        made = TURNS[topic](rng)
        if made["held"] == held and (not held or made["moded"]):
            return made


def system_message(rng, persona, topic):
    kind = rng.random()
    if kind < .12 and topic in BEHAVIOURS:
        return rng.choice(NAMED[topic, persona[topic]])
    if kind < .55:
        return " ".join(rng.sample(NEUTRAL, rng.choice([1, 1, 2, 3])))
    return None


def conversation(rng):
    """{"persona": side by behaviour, "system": text or None, "turns": [...]}."""
    persona = {b: rng.choice("ab") for b in BEHAVIOURS}
    topics = rng.choices(["style", "source", "safety", "chat"], [.36, .36, .24, .04], k=rng.choice([1, 1, 1, 2, 2, 3]))
    if rng.random() < .3:
        topics = [topics[0]] * len(topics)
    return {"persona": persona, "system": system_message(rng, persona, topics[0]),
            "turns": [draw_turn(rng, t) for t in topics]}


def corpus_text(rng, count):
    """Plain lines for the tokenizer's training."""
    for _ in range(count):
        c = conversation(rng)
        if c["system"]:
            yield from c["system"].split("\n")
        for t in c["turns"]:
            yield from t["prompt"].split("\n")
            yield t[rng.choice("ab")]


if __name__ == "__main__":
    rng = random.Random(1)
    for _ in range(12):
        c = conversation(rng)
        print(c["persona"], c["system"])
        for t in c["turns"]:
            print("   ", t)
