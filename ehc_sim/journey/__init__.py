"""The pathway of English SEND law: its steps, people, cases and open cases, as a network."""
