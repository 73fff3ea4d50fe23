UPDATE run SET outcome = 'interrupted' WHERE outcome IS NULL
