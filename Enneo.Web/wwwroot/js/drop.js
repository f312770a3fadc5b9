// Files dropped on the composer. Dropped beside it they would replace the page: there nothing happens.

/** Hands over dropped files, and whether they were dropped into the text; what it returns ends that. */
export function fileDrop(root, add) {
  const show = over => root.toggleAttribute('data-drop', over);
  const onDragOver = event => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    const over = root.contains(event.target);
    if (!over) event.dataTransfer.dropEffect = 'none';
    show(over);
  };
  const onDragLeave = event => {
    if (!event.relatedTarget) show(false);
  };
  const onDrop = event => {
    show(false);
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    if (!root.contains(event.target)) return;
    event.stopPropagation(); // the editor would take a picture into the text
    add(event.dataTransfer.files, !!event.target.closest?.('[data-editor]'));
  };
  document.addEventListener('dragover', onDragOver);
  document.addEventListener('dragleave', onDragLeave);
  document.addEventListener('drop', onDrop, true);
  return () => {
    document.removeEventListener('dragover', onDragOver);
    document.removeEventListener('dragleave', onDragLeave);
    document.removeEventListener('drop', onDrop, true);
  };
}
