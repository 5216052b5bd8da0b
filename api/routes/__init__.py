"""The addresses, a module for each kind of question: parse, ask one question, dress the answer."""
