"""Staff0's HR API: an employee's own token reads that employee and nobody else."""
