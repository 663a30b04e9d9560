/* The page that carries a choice back to the platform sends itself; its button is for
 * where scripts are off. */
document.querySelector<HTMLFormElement>("form")?.submit();
