// A loop written by hand in C++ for the benchmark: the same tables as the compiled model's (nodes,
// teams, a draw), the same two phases of a minute, the same rows of the log. It knows the nodes that
// the benchmark needs (wait, work, choice, fork, join, mark, end), calendar days, branches that are
// all awaited, and teams of up to 64 posts that are always there, in the order "received" or "due".
//
// twin.py compiles and calls it. Nothing here knows the network that is run.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace {

using Int = std::int64_t;

enum Kind : std::int32_t { WAIT, WORK, CHOICE, FORK, JOIN, MARK, END };
constexpr Int DAY = 1440, NOBODY = -1, NOT_YET = -(Int(1) << 40);
constexpr int ROW = 7;

// What twin.py hands over; every field is 8 bytes wide.
struct NodeRow {
    Int kind, then, otherwise, team, clock_days, first_way, ways;
    const Int* value;
};
struct TeamRow {
    Int posts, by_due;
};
struct Table {
    Int nodes, teams, cases, arrivals, until, clock_days;
    const NodeRow* node;
    const Int* ways;
    const TeamRow* team;
    const Int* arrived;  // by case
    const Int* arrival;  // cases in the order of arrival
    const Int* entry;    // and the node at which each begins
    Int* rows;
    Int room;  // for so many rows
};

struct alignas(64) Node {
    std::int32_t kind, then, join, team, first_way, ways;
    Int clock_days;
    const Int* value;
};

struct Case {
    Int received, due;
    std::int32_t out;
};

// A job that waits, with all that it is compared by; what holds its case and node.
struct Job {
    Int key, joined, what, minutes;
};

inline bool before(const Job& a, const Job& b) {
    if (a.key != b.key) return a.key < b.key;
    if (a.joined != b.joined) return a.joined < b.joined;
    if (a.what != b.what) return a.what < b.what;
    return a.minutes < b.minutes;
}

// Most jobs join in the order in which they leave. Those stand in a row; the others in a heap.
class Queue {
  public:
    bool empty() const { return first == last && heap.empty(); }

    void clear() { first = last = 0, heap.clear(); }

    void push(const Job& job) {
        if (first == last || !before(job, row[(last - 1) & mask])) {
            if (last - first > mask) grow();
            row[last++ & mask] = job;
            return;
        }
        std::size_t at = heap.size();
        heap.push_back(job);
        for (; at > 0; at = (at - 1) / 2) {
            const Job& above = heap[(at - 1) / 2];
            if (!before(job, above)) break;
            heap[at] = above;
        }
        heap[at] = job;
    }

    Job pop() {
        if (heap.empty() || (first != last && before(row[first & mask], heap[0])))
            return row[first++ & mask];
        const Job top = heap[0], moved = heap.back();
        heap.pop_back();
        const std::size_t size = heap.size();
        if (size == 0) return top;
        std::size_t at = 0;
        for (std::size_t below = 1; below < size; below = 2 * at + 1) {
            if (below + 1 < size && before(heap[below + 1], heap[below])) ++below;
            if (!before(heap[below], moved)) break;
            heap[at] = heap[below];
            at = below;
        }
        heap[at] = moved;
        return top;
    }

  private:
    void grow() {
        std::vector<Job> larger(2 * row.size());
        for (std::size_t at = first; at != last; ++at) larger[at - first] = row[at & mask];
        last -= first;
        first = 0;
        row.swap(larger);
        mask = row.size() - 1;
    }

    std::vector<Job> row = std::vector<Job>(64), heap;
    std::size_t first = 0, last = 0, mask = 63;
};

struct Team {
    std::uint64_t idle;
    bool by_due, called;
    Queue queue;
};

// An event: the case, its node and, where work ends, the post.
struct Event {
    Int minute;
    std::uint64_t what;
    std::int32_t next;
};

class Run {
  public:
    // Works off every minute; returns how many rows were written, or -1 where there is no room.
    Int operator()(const Table& table);

  private:
    void begin(const Table& table);
    void add(Int minute, std::uint64_t what);
    void open_bucket(Int bucket);
    void go(std::int32_t number, std::int32_t node);
    void happen(std::uint64_t what);
    void dispatch(Team& team);
    void end_run();

    void write(Int number, Int node, Int joined, Int started, Int ended, Int post, Int minutes) {
        if (next == rows_end) {
            full = true;
            return;
        }
        next[0] = number;
        next[1] = node;
        next[2] = joined;
        next[3] = started;
        next[4] = ended < until ? ended : NOT_YET;
        next[5] = post;
        next[6] = minutes;
        next += ROW;
    }

    void call(Team& team) {
        if (team.called) return;
        team.called = true;
        called.push_back(&team);
    }

    Int now, until;
    const Int* ways;
    Int *next, *rows_end;
    bool full;
    std::vector<Node> nodes;
    std::vector<Team> teams;
    std::vector<Case> cases;
    std::vector<Team*> called;

    // Events lie unordered in buckets of 2^bits minutes; those of the bucket that is open lie in
    // order, the next one last.
    int bits;
    Int bucket;
    std::vector<std::int32_t> buckets;
    std::vector<Event> events;
    std::int32_t unused;
    std::vector<Event> open;
};

void Run::begin(const Table& table) {
    until = table.until;
    ways = table.ways;
    next = table.rows;
    rows_end = table.rows + table.room * ROW;
    full = false;
    nodes.resize(table.nodes);
    for (Int n = 0; n < table.nodes; ++n) {
        const NodeRow& row = table.node[n];
        const auto small = [](Int number) { return std::int32_t(number); };
        nodes[n] = {small(row.kind),      small(row.then), small(row.otherwise), small(row.team),
                    small(row.first_way), small(row.ways), row.clock_days,       row.value};
    }
    teams.resize(table.teams);
    for (Int t = 0; t < table.teams; ++t) {
        teams[t].idle = ~std::uint64_t(0) >> (64 - table.team[t].posts);
        teams[t].by_due = table.team[t].by_due;
        teams[t].called = false;
        teams[t].queue.clear();
    }
    cases.resize(table.cases);
    // About one event a bucket.
    bits = 0;
    while (until >> bits > 2 * table.cases + 64) ++bits;
    buckets.assign((until >> bits) + 1, -1);
    events.clear();
    unused = -1;
    open.clear();
    called.clear();
}

void Run::add(Int minute, std::uint64_t what) {
    if (minute >= until) return;
    const Int at = minute >> bits;
    if (at == bucket) {
        open.push_back({minute, what, 0});
        for (std::size_t i = open.size() - 1; i > 0 && open[i - 1].minute < minute; --i)
            std::swap(open[i], open[i - 1]);
        return;
    }
    std::int32_t event = unused;
    if (event >= 0)
        unused = events[event].next;
    else {
        event = std::int32_t(events.size());
        events.emplace_back();
    }
    events[event] = {minute, what, buckets[at]};
    buckets[at] = event;
}

void Run::open_bucket(Int number) {
    bucket = number;
    std::int32_t event = buckets[number];
    while (event >= 0) {
        Event& one = events[event];
        const std::int32_t following = one.next;
        open.push_back(one);
        for (std::size_t i = open.size() - 1; i > 0 && open[i - 1].minute < one.minute; --i)
            std::swap(open[i], open[i - 1]);
        one.next = unused;
        unused = event;
        event = following;
    }
}

// Moves a token from node to node until it waits or ends; so its branches.
void Run::go(std::int32_t number, std::int32_t at) {
    while (true) {
        const Node& node = nodes[at];
        switch (node.kind) {
        case WAIT: {
            const Int days = node.value[number];
            if (days == 0) break;
            const Int ends = now + days * DAY;
            write(number, at, now, now, ends, NOBODY, 0);
            add(ends, std::uint64_t(number) << 32 | std::uint64_t(at) << 8 | 255);
            return;
        }
        case WORK: {
            const Int minutes = node.value[number];
            if (minutes == 0) break;
            Team& team = teams[node.team];
            const Case& one = cases[number];
            const Int key = team.by_due ? one.due : one.received;
            team.queue.push({key, now, Int(number) << 16 | at, minutes});
            if (team.idle) call(team);
            return;
        }
        case CHOICE:
            at = std::int32_t(ways[node.first_way + node.value[number]]);
            continue;
        case FORK:
            cases[number].out = node.ways + 1;
            for (std::int32_t way = 0; way < node.ways; ++way)
                go(number, std::int32_t(ways[node.first_way + way]));
            at = node.join;
            continue;
        case JOIN:
            if (--cases[number].out > 0) return;
            write(number, at, now, now, now, NOBODY, 0);
            break;
        case MARK:
            write(number, at, now, now, now, NOBODY, 0);
            if (node.clock_days >= 0) {
                cases[number].received = now;
                cases[number].due = (now / DAY + node.clock_days + 1) * DAY;
            }
            break;
        default:
            write(number, at, now, now, now, NOBODY, 0);
            return;
        }
        at = node.then;
    }
}

void Run::happen(std::uint64_t what) {
    const Node& node = nodes[what >> 8 & 0xFFFF];
    const unsigned post = what & 255;
    if (post != 255) {
        Team& team = teams[node.team];
        team.idle |= std::uint64_t(1) << post;
        if (!team.queue.empty()) call(team);
    }
    go(std::int32_t(what >> 32), node.then);
}

// Each free post, in the order of their numbers, takes the next job.
void Run::dispatch(Team& team) {
    team.called = false;
    while (team.idle && !team.queue.empty()) {
        const unsigned post = __builtin_ctzll(team.idle);
        team.idle &= team.idle - 1;
        const Job job = team.queue.pop();
        const Int number = job.what >> 16, node = job.what & 0xFFFF;
        write(number, node, job.joined, now, now + job.minutes, post, job.minutes);
        add(now + job.minutes, std::uint64_t(number) << 32 | std::uint64_t(node) << 8 | post);
    }
}

void Run::end_run() {
    for (Team& team : teams)
        while (!team.queue.empty()) {
            const Job job = team.queue.pop();
            write(job.what >> 16, job.what & 0xFFFF, job.joined, NOT_YET, NOT_YET, NOBODY, job.minutes);
        }
}

Int Run::operator()(const Table& table) {
    begin(table);
    Int arrival = 0;
    const Int arrivals = table.arrivals;
    Int arrives = arrivals ? table.arrived[table.arrival[0]] : until;
    const Int count = Int(buckets.size());
    for (Int number = 0; number < count; ++number) {
        open_bucket(number);
        const Int ends = std::min((number + 1) << bits, until);
        while (true) {
            now = open.empty() ? ends : open.back().minute;
            now = std::min(now, arrives);
            if (now >= ends) break;
            while (arrives == now) {
                const Int one = table.arrival[arrival];
                cases[one] = {now, (now / DAY + table.clock_days + 1) * DAY, 0};
                go(std::int32_t(one), std::int32_t(table.entry[arrival]));
                arrives = ++arrival < arrivals ? table.arrived[table.arrival[arrival]] : until;
            }
            while (!open.empty() && open.back().minute == now) {
                const std::uint64_t what = open.back().what;
                open.pop_back();
                happen(what);
            }
            for (Team* team : called) dispatch(*team);
            called.clear();
            if (full) return -1;
        }
    }
    end_run();
    return full ? -1 : (next - table.rows) / ROW;
}

inline bool sooner(const Int* a, const Int* b) {
    return a[2] != b[2] ? a[2] < b[2] : a[1] != b[1] ? a[1] < b[1] : a[4] < b[4];
}

}  // namespace

extern "C" {

void* twin_new() { return new Run; }

Int twin_run(void* run, const Table* table) { return (*static_cast<Run*>(run))(*table); }

// Sorts rows by case, minute joined, node and minute ended; result holds column after column.
void twin_sort(const Int* rows, Int count, Int cases, Int* result) {
    std::vector<std::int32_t> firsts(cases + 1), ends;
    for (Int r = 0; r < count; ++r) ++firsts[rows[r * ROW] + 1];
    for (Int c = 0; c < cases; ++c) firsts[c + 1] += firsts[c];
    ends.assign(firsts.begin(), firsts.end() - 1);
    std::unique_ptr<std::int32_t[]> order(new std::int32_t[count]);
    for (Int r = 0; r < count; ++r) {
        const Int* row = rows + r * ROW;
        std::int32_t at = ends[*row]++;
        for (; at > firsts[*row] && sooner(row, rows + Int(order[at - 1]) * ROW); --at)
            order[at] = order[at - 1];
        order[at] = std::int32_t(r);
    }
    for (Int place = 0; place < count; ++place) {
        __builtin_prefetch(rows + Int(order[std::min(place + 16, count - 1)]) * ROW);
        const Int* row = rows + Int(order[place]) * ROW;
        for (int column = 0; column < ROW; ++column) result[column * count + place] = row[column];
    }
}
}
