"""A campaign of kill -9: a post or a server ends itself at one of its write points, then all must be found whole.

``points`` counts write points and kills; ``stage`` prepares a city and a post once; ``cycles`` is what posts and servers do;
``run`` is one death and what is found after it; ``campaign`` makes many.
"""
