"""Who is at work when: rotas, absence, leavers and vacancies."""
