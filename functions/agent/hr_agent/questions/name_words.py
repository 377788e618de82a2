"""English words and signs around a person's name, and parts of names. All in lower case."""

from typing import Final

# fmt: off
# Words of a question that are never part of a name, apart from DOUBTFUL_FIRST_WORDS.
WORDS_AROUND_NAMES: Final = frozenset({
    "a", "about", "active", "actually", "address", "advise", "also", "am", "an", "and", "anyone", "applicant", "are",
    "as", "ascertain", "ask", "asking", "assist", "at", "be", "been", "by", "can", "candidate", "cannot", "certain",
    "check", "clarify", "client", "colleague", "company", "concerning", "confirm", "confirmation", "contact",
    "contractor", "correct", "correction", "could", "current", "currently", "customer", "dear", "determine", "did",
    "do", "does", "e-mail", "email", "employ", "employed", "employee", "employees", "employment", "employs",
    "enquiry", "excuse", "find", "for", "former", "friend", "from", "give", "good", "greetings", "had", "has", "have",
    "he", "hello", "help", "her", "hey", "hi", "his", "hr", "i", "id", "if", "in", "indeed", "individual", "inform",
    "inquiry", "instead", "is", "it", "its", "just", "kindly", "know", "let", "like", "look", "manager", "may",
    "maybe", "me", "mean", "meant", "member", "might", "must", "my", "name", "named", "need", "now", "of", "on",
    "oops", "or", "our", "out", "pardon", "perhaps", "person", "please", "possible", "possibly", "provide",
    "question", "rather", "re", "really", "reference", "regarding", "regards", "request", "right", "say", "see",
    "shall", "share", "she", "should", "show", "so", "somebody", "someone", "sorry", "staff", "state", "status",
    "still", "subject", "sure", "team", "tell", "thank", "thanks", "that", "the", "their", "there", "they", "this",
    "to", "today", "true", "typo", "us", "user", "validate", "verification", "verify", "want", "was", "we", "were",
    "whether", "who", "whose", "will", "wish", "with", "wonder", "wondering", "work", "worked", "worker", "working",
    "works", "would", "wrong", "you", "your",
})
# After one of these a name begins, whatever its first word is: "Does May Lee …", "whether Will Smith …".
INTRODUCTIONS: Final = frozenset({
    "about", "check", "colleague", "concerning", "confirm", "could", "did", "does", "employ", "employee", "employs",
    "for", "had", "has", "if", "is", "might", "must", "named", "of", "person", "regarding", "shall", "should",
    "that", "verify", "was", "whether", "would",
})
TITLES: Final = frozenset({
    "dr", "doctor", "dame", "eng", "frau", "herr", "hon", "ing", "madam", "madame", "messrs", "miss", "mister", "mlle",
    "mme", "monsieur", "mr", "mrs", "ms", "mx", "prof", "professor", "rev", "senhor", "senhora", "señor", "señora",
    "signor", "signora", "sir",
})
# First names that are also words with which a sentence begins: "Will Smith …" and "Will John Smith …".
DOUBTFUL_FIRST_WORDS: Final = frozenset({
    "an", "bill", "can", "chance", "chase", "chuck", "dean", "do", "don", "drew", "duke", "earl", "grant", "hope",
    "judge", "king", "major", "mark", "may", "page", "pat", "peg", "prince", "rob", "skip", "sue", "trace", "will",
})
PARTICLES: Final = frozenset({
    "abu", "af", "al", "av", "bar", "ben", "bin", "bint", "da", "dal", "dalla", "das", "de", "degli", "dei", "del",
    "della", "den", "der", "des", "di", "dos", "du", "el", "ibn", "la", "las", "le", "lo", "los", "op", "san", "te",
    "ten", "ter", "van", "vom", "von", "zu", "zum", "zur",
})
# Between two names: a particle of one name ("João do Carmo"), or two people ("John and Jane Doe").
JOINING_WORDS: Final = frozenset({"a", "and", "do", "e", "et", "i", "o", "of", "or", "the", "u", "und", "y"})
# Suffixes, which a record of HR may not have.
SUFFIXES: Final = frozenset({"ba", "bsc", "esq", "ii", "iii", "iv", "jr", "jnr", "ma", "mba", "md", "msc", "phd", "sr"})
# Words and signs that may stand between a name and its address.
LINKS: Final = frozenset({
    ",", "(", "<", ":", "[", "-", "\u2013", "\u2014", '"', "'", "\u201c", "\u201d", "\u2018", "\u2019",
    "with", "using", "whose", "under", "having", "the", "his", "her", "their", "work", "email", "e-mail", "mail",
    "address", "id", "is", "at", "'s", "\u2019s",
})
# What may follow a name that does not stand beside its address: "Does John Doe still work here?".
FOLLOWERS: Final = frozenset({
    "", ",", "(", "<", "?", "\0", "a", "active", "an", "at", "be", "been", "currently", "employed", "from", "have",
    "here", "in", "is", "now", "on", "part", "still", "there", "under", "using", "whose", "with", "work", "worked",
    "working", "works",
})
# What may stand before "that" or "of" where the name of the person follows.
ASKED_ABOUT: Final = frozenset({
    "check", "confirm", "confirmation", "employment", "know", "status", "sure", "true", "verification", "verify",
})
# fmt: on
