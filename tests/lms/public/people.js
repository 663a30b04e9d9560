/* Narrows the list of people while one types. */
const box = document.querySelector('.filter');
const find = document.getElementById('find');
const found = document.getElementById('found');
const plain = (text) => text.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f]/g, '').replaceAll('ø', 'o').replaceAll('æ', 'ae');

function narrow() {
	const words = plain(find.value.trim());
	let shown = 0;
	for (const group of document.querySelectorAll('.group:has(.person)')) {
		let some = 0;
		for (const row of group.querySelectorAll('.person')) {
			row.hidden = words !== '' && !plain(row.textContent).includes(words);
			some += row.hidden ? 0 : 1;
		}
		group.hidden = some === 0;
		shown += some;
	}
	found.textContent = words === '' ? '' : shown === 1 ? '1 person' : `${shown} people`;
}

box.hidden = false;
find.addEventListener('input', narrow);
narrow();
