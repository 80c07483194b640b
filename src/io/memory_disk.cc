#include "io/memory_disk.h"

#include <algorithm>
#include <set>

#include "io/random.h"

namespace tribute::io {

void DurableBytes::write(uint64_t offset, std::string_view bytes) {
  if (bytes.empty()) return;
  const uint64_t end = offset + bytes.size();
  if (end > bytes_.size()) resize(end);
  bytes_.replace(offset, bytes.size(), bytes);
  for (uint64_t sector = offset / kSectorBytes; sector * kSectorBytes < end; ++sector) {
    pending_.push_back({Change::Kind::sector, sector, bytes_.substr(sector * kSectorBytes, kSectorBytes)});
  }
}

void DurableBytes::truncate(uint64_t size) {
  if (size != bytes_.size()) resize(size);
}

void DurableBytes::resize(uint64_t size) {
  bytes_.resize(size, '\0');
  pending_.push_back({Change::Kind::size, size, {}});
}

void DurableBytes::sync() {
  for (const Change& change : pending_) make_durable(change);
  finish_durable();
}

void DurableBytes::make_durable(const Change& change) {
  if (change.kind == Change::Kind::size) {
    durable_size_ = change.value;
    if (durable_.size() > durable_size_) durable_.resize(durable_size_);
    return;
  }
  const uint64_t begin = change.value * kSectorBytes;
  if (durable_.size() < begin + change.sector.size()) durable_.resize(begin + change.sector.size(), '\0');
  durable_.replace(begin, change.sector.size(), change.sector);
}

void DurableBytes::finish_durable() {
  durable_.resize(durable_size_, '\0');
  pending_.clear();
}

const MemoryDisk::Entry MemoryDisk::kRootEntry{kRoot, EntryKind::folder};

MemoryDisk::MemoryDisk() { folders_[kRoot]; }

Result<MemoryDisk::Place> MemoryDisk::locate(const std::string& path) const {
  Place place{kRoot, {}};
  std::string_view rest = path;
  while (!rest.empty()) {
    const size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view component = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    if (component.empty() || component == ".") continue;
    const Entry* parent = find(place);
    if (parent == nullptr || parent->kind != EntryKind::folder) {
      return fail(ErrorCode::not_found, path + ": no such file or folder");
    }
    place = {parent->node, std::string(component)};
  }
  return place;
}

const MemoryDisk::Entry* MemoryDisk::find(const Place& place) const {
  if (place.name.empty()) return &kRootEntry;
  const Names& names = folders_.at(place.folder).names;
  const auto found = names.find(place.name);
  return found == names.end() ? nullptr : &found->second;
}

const MemoryDisk::Entry* MemoryDisk::find(const std::string& path) const {
  const auto place = locate(path);
  return place ? find(*place) : nullptr;
}

bool MemoryDisk::exists(const std::string& path) const { return find(path) != nullptr; }

Result<NodeId> MemoryDisk::open(const std::string& path, OpenMode mode) {
  const Place place = TRY(locate(path));
  if (const Entry* entry = find(place)) {
    if (mode == OpenMode::create_new) return fail(ErrorCode::already_exists, path + ": is already there");
    if (entry->kind == EntryKind::folder) {
      return fail(ErrorCode::failed_precondition, path + ": is a folder, not a file");
    }
    return entry->node;
  }
  if (mode == OpenMode::read || mode == OpenMode::read_write) {
    return fail(ErrorCode::not_found, path + ": no such file or folder");
  }
  const NodeId node = next_node_++;
  files_[node];
  change_names({{place.folder, place.name, true, {node, EntryKind::file}}});
  return node;
}

Result<void> MemoryDisk::rename(const std::string& from, const std::string& to) {
  const Place source = TRY(locate(from));
  const Place target = TRY(locate(to));
  const Entry* found = find(source);
  if (found == nullptr) return fail(ErrorCode::not_found, from + ": no such file or folder");
  const Entry entry = *found;
  const Entry* replaced = find(target);
  if (replaced != nullptr && *replaced == entry) return {};
  if (replaced != nullptr && replaced->kind == EntryKind::folder && entry.kind == EntryKind::file) {
    return fail(ErrorCode::failed_precondition, from + ": " + to + " is a folder, not a file");
  }
  if (replaced != nullptr && replaced->kind == EntryKind::file && entry.kind == EntryKind::folder) {
    return fail(ErrorCode::not_found, from + ": " + to + " is not a folder");
  }
  if (replaced != nullptr && replaced->kind == EntryKind::folder && !folders_.at(replaced->node).names.empty()) {
    return fail(ErrorCode::failed_precondition, from + ": the folder " + to + " is not empty");
  }
  if (entry.kind == EntryKind::folder && is_inside(target.folder, entry.node)) {
    return fail(ErrorCode::invalid_argument, from + ": cannot be moved into itself");
  }
  change_names({{source.folder, source.name, false, {}}, {target.folder, target.name, true, entry}});
  return {};
}

bool MemoryDisk::is_inside(NodeId folder, NodeId ancestor) const {
  if (folder == ancestor) return true;
  return std::ranges::any_of(folders_.at(ancestor).names, [&](const auto& named) {
    return named.second.kind == EntryKind::folder && is_inside(folder, named.second.node);
  });
}

Result<void> MemoryDisk::remove(const std::string& path) {
  const Place place = TRY(locate(path));
  const Entry* entry = find(place);
  if (entry == nullptr) return fail(ErrorCode::not_found, path + ": no such file or folder");
  if (entry->kind == EntryKind::folder && (place.name.empty() || !folders_.at(entry->node).names.empty())) {
    return fail(ErrorCode::failed_precondition, path + ": the folder is not empty");
  }
  change_names({{place.folder, place.name, false, {}}});
  return {};
}

Result<void> MemoryDisk::make_folder(const std::string& path) {
  const Place place = TRY(locate(path));
  if (const Entry* entry = find(place)) {
    if (entry->kind == EntryKind::folder) return {};
    return fail(ErrorCode::already_exists, path + ": is already there");
  }
  const NodeId node = next_node_++;
  folders_[node];
  change_names({{place.folder, place.name, true, {node, EntryKind::folder}}});
  return {};
}

Result<std::vector<FolderEntry>> MemoryDisk::list(const std::string& path) const {
  const Entry* entry = find(path);
  if (entry == nullptr || entry->kind != EntryKind::folder) {
    return fail(ErrorCode::not_found, path + ": no such file or folder");
  }
  std::vector<FolderEntry> entries;
  for (const auto& [name, child] : folders_.at(entry->node).names) {
    const uint64_t size = child.kind == EntryKind::file ? files_.at(child.node).bytes().size() : 0;
    entries.push_back({name, child.kind, size});
  }
  return entries;
}

void MemoryDisk::change_names(Journaled changes) {
  for (const NameChange& change : changes) {
    Names& names = folders_.at(change.folder).names;
    if (change.present) {
      names.insert_or_assign(change.name, change.entry);
    } else {
      names.erase(change.name);
    }
  }
  pending_.push_back(std::move(changes));
}

void MemoryDisk::make_durable(const Journaled& changes) {
  for (const NameChange& change : changes) {
    Names& names = folders_.at(change.folder).durable_names;
    if (change.present) {
      names.insert_or_assign(change.name, change.entry);
    } else {
      names.erase(change.name);
    }
  }
}

Result<void> MemoryDisk::sync_folder(const std::string& path) {
  const Entry* entry = find(path);
  if (entry == nullptr || entry->kind != EntryKind::folder) {
    return fail(ErrorCode::not_found, path + ": no such file or folder");
  }
  // A change of two folders takes with it what happened before it in the other one.
  std::set<NodeId> synced = {entry->node};
  std::vector<Journaled> chosen;
  std::vector<Journaled> others;
  for (size_t i = pending_.size(); i-- > 0;) {
    Journaled& changes = pending_[i];
    if (std::ranges::any_of(changes, [&](const NameChange& change) { return synced.contains(change.folder); })) {
      for (const NameChange& change : changes) synced.insert(change.folder);
      chosen.push_back(std::move(changes));
    } else {
      others.push_back(std::move(changes));
    }
  }
  for (size_t i = chosen.size(); i-- > 0;) make_durable(chosen[i]);
  pending_.assign(std::make_move_iterator(others.rbegin()), std::make_move_iterator(others.rend()));
  return {};
}

void MemoryDisk::lose_power(uint64_t seed, uint32_t keep_permille) {
  SeededRandom random(seed);
  const auto survives = [&] { return random.next() % 1000 < keep_permille; };
  for (const Journaled& changes : pending_) {
    if (survives()) make_durable(changes);
  }
  pending_.clear();
  for (auto& [node, folder] : folders_) folder.names = folder.durable_names;
  for (auto& [node, file] : files_) file.lose_power(survives);
  drop_unreachable();
}

void MemoryDisk::drop_unreachable() {
  std::set<NodeId> reached = {kRoot};
  std::vector<NodeId> to_visit = {kRoot};
  while (!to_visit.empty()) {
    const NodeId folder = to_visit.back();
    to_visit.pop_back();
    for (const auto& [name, entry] : folders_.at(folder).names) {
      if (reached.insert(entry.node).second && entry.kind == EntryKind::folder) to_visit.push_back(entry.node);
    }
  }
  const auto is_unreachable = [&](const auto& named) { return !reached.contains(named.first); };
  std::erase_if(files_, is_unreachable);
  std::erase_if(folders_, is_unreachable);
}

}  // namespace tribute::io
