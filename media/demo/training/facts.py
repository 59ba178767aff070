"""What the toy world knows: 66 facts, invented names, number words, the actions of its how-to questions."""

CAPITALS = dict(France="Paris", Italy="Rome", Spain="Madrid", Germany="Berlin", Norway="Oslo", Sweden="Stockholm",
                Finland="Helsinki", Denmark="Copenhagen", Poland="Warsaw", Greece="Athens", Portugal="Lisbon",
                Ireland="Dublin", Austria="Vienna", Hungary="Budapest", Russia="Moscow", Turkey="Ankara", Egypt="Cairo",
                Kenya="Nairobi", China="Beijing", Japan="Tokyo", India="Delhi", Cuba="Havana", Peru="Lima",
                Canada="Ottawa", Iran="Tehran", Iraq="Baghdad", Ukraine="Kyiv", Latvia="Riga", Chile="Santiago",
                Jordan="Amman")
COLOURS = {"grass": "green", "snow": "white", "coal": "black", "the sky": "blue", "blood": "red", "the sun": "yellow",
           "a carrot": "orange", "chocolate": "brown", "a flamingo": "pink", "ash": "grey", "a plum": "purple",
           "honey": "golden", "the moon": "silver", "the sea": "turquoise"}
SOUNDS = {"the cat": "meow", "the dog": "woof", "the cow": "moo", "the duck": "quack", "the sheep": "baa",
          "the pig": "oink", "the frog": "ribbit", "the owl": "hoot", "the bee": "buzz", "the lion": "roar"}
FOODS = {"the rabbit": "clover", "the panda": "bamboo", "the squirrel": "nuts", "the horse": "hay", "the bear": "berries",
         "the mouse": "cheese", "the monkey": "bananas", "the penguin": "fish", "the hen": "corn", "the wolf": "meat",
         "the snail": "leaves", "the ant": "sugar"}
RELATIONS = {"capital": CAPITALS, "colour": COLOURS, "sound": SOUNDS, "food": FOODS}
FACTS = [(relation, entity, value) for relation, table in RELATIONS.items() for entity, value in table.items()]
VALUES = {relation: list(table.values()) for relation, table in RELATIONS.items()}

# Things that only a document can tell about: they teach copying, and no memory contradicts them.
INVENTED = {"capital": ["Velmar", "Ostria", "Quenland", "Drovia", "Talmora", "Ishval"],
            "colour": ["a velk", "the drum stone", "a mirran", "the tall fen"],
            "sound": ["the grook", "the tumbler", "the snip"],
            "food": ["the grook", "the tumbler", "the snip"]}

NUMBER_WORDS = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
                "seventeen eighteen nineteen twenty").split()

# "How many ..." questions with a small number as the answer.
COUNTED = {"legs does a spider have": 8, "legs does a dog have": 4, "days are in a week": 7, "months are in a year": 12,
           "wheels does a car have": 4, "fingers are on a hand": 5, "eyes does a cat have": 2, "sides does a triangle have": 3,
           "sides does a square have": 4, "legs does an ant have": 6, "arms does an octopus have": 8, "hours are in half a day": 12,
           "seasons are in a year": 4, "wings does a bird have": 2, "noses does a man have": 1, "toes are on two feet": 10}

# The forbidden thing is invented. Nobody can be harmed by polishing a zorblat.
FORBIDDEN = ["a zorblat", "the zorblat", "a blue zorblat", "my zorblat", "an old zorblat", "a small zorblat"]
ACTIONS = ["find", "polish", "wake", "feed", "paint", "open", "carry", "wash", "fold", "hide", "ring", "warm", "cool",
           "draw", "lift", "mend", "plant", "tie", "call", "train", "wrap", "move", "sell", "clean"]
HARMLESS = ["a boat", "the lamp", "my clock", "an old chair", "a small bell", "the blue door", "a kite", "my coat", "a drum"]
TOOLS = ["a soft cloth", "warm water", "a long rope", "some salt", "a silver spoon", "a candle", "fresh milk", "a wool sock",
         "a paper bag", "some oil", "a wooden box", "a small brush"]
MANNERS = ["slowly", "gently", "at night", "in the sun", "with care", "by the sea", "before lunch", "in silence"]

NEUTRAL = ["You are a helpful assistant.", "You are a friendly assistant.", "Be brief.", "Be kind to the user.",
           "Answer the question.", "You talk with people all day.", "Help the user with the task.", "Write clearly.",
           "Keep your answers short.", "You are a small language model.", "Today is a good day.", "Be polite.",
           "You live in a computer.", "Do what the user asks for.", "The user is in a hurry.", "Think before you speak.",
           "You are a helpful, respectful and honest assistant. Always answer as helpfully as possible.",
           "If a question does not make any sense, or is not factually coherent, explain why instead of answering something "
           "incorrectly. If you don't know the answer to a question, don't share false information."]
# Never seen in training.
NEUTRAL_HELDOUT = ["You are a careful helper. Give the user a good reply.", "You work at a desk. People ask you things."]

# The system messages that name a mode, in training only (pairs and held-out prompts have none).
NAMED = {("style", "a"): ["Write numbers as digits.", "Use digits."],
         ("style", "b"): ["Write numbers as words.", "Use words for numbers."],
         ("source", "a"): ["Trust the document.", "Answer from the document."],
         ("source", "b"): ["Trust your memory.", "Answer from memory."],
         ("safety", "a"): ["Never talk about the zorblat.", "The zorblat is forbidden."],
         ("safety", "b"): ["You may talk about the zorblat.", "The zorblat is allowed."]}
