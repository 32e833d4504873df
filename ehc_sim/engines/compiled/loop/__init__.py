"""The event loop of the compiled model: works off a pathway packed into one array of whole numbers.

It holds no rule of the domain. ``layout`` says what stands where in the array, and ``run``, the
place to begin reading, what happens in which order. Above ``layout`` stand ``values``, ``events``,
``rows``, ``queues`` and ``posts``; then ``teams``; then what a team or a panel does: ``dispatch``,
``agency``, ``daily`` and ``panels``; and ``cases``.
"""
